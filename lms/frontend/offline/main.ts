// The two pages a device keeps: the packs on it, and the player of one.
import { wireShelf } from "./shelf";
import { wirePlayer } from "./play";

if ("serviceWorker" in navigator) {
  void navigator.serviceWorker.register("/learn/offline/worker.js", { scope: "/learn/offline/" }).catch(() => {});
}
const shelf = document.querySelector<HTMLElement>("[data-offline-shelf]");
const player = document.querySelector<HTMLElement>("[data-offline-player]");
if (shelf) void wireShelf(shelf);
if (player) void wirePlayer(player);
