// One line of the list: a file waiting for its title, on its way, or left from another day.
import { ask } from "./requests";
import { Transfer } from "./transfer";
import { size, words } from "./words";

const SHOWN: Record<string, string> = { failed: "qj-bad", offline: "qj-bad", kept: "qj-ok" };

export const fingerprint = (file: File) => `${file.name.slice(-60)}|${file.size}|${file.lastModified}`;

export class Row {
  transfer: Transfer | null = null;

  constructor(readonly element: HTMLElement, private readonly wanted: (row: Row) => void) {
    this.on("[data-pause]", () => this.transfer?.pause());
    this.on("[data-go]", () => this.wanted(this));
    this.on("[data-drop]", () => void this.drop());
  }

  get address(): string {
    return this.transfer?.address ?? this.element.dataset.address ?? "";
  }

  get title(): string {
    return this.part<HTMLInputElement>("[data-title-input]").value.trim() || (this.element.dataset.name ?? "");
  }

  /** Whether this is the file the line was left by. */
  isOf(file: File): boolean {
    const { fingerprint: known, name, bytes } = this.element.dataset;
    if (!this.element.dataset.address || this.transfer) return false;
    return known ? known === fingerprint(file) : name === file.name && Number(bytes) === file.size;
  }

  take(file: File, facts: () => Record<string, string>) {
    const isKnown = Boolean(this.element.dataset.address);
    this.transfer = new Transfer(file, this.element.dataset.address ?? "", facts, () => this.show());
    this.element.dataset.name = file.name;
    if (!isKnown) {
      this.part<HTMLInputElement>("[data-title-input]").value = file.name.replace(/\.[^.]+$/, "").slice(0, 200);
      this.part("[data-name]").textContent = `${file.name} · ${size(file.size)}`;
    }
    this.say(isKnown ? words.goesOn : words.ready, "");
  }

  say(sentence: string, tone: string) {
    const said = this.part("[data-said]");
    if (said.textContent !== sentence) said.textContent = sentence;
    said.className = `qj-said ${tone}`;
  }

  show() {
    const transfer = this.transfer!;
    const { file, phase, sent, speed } = transfer;
    const isMoving = phase === "sending" || phase === "offline";
    this.element.dataset.phase = phase;
    if (transfer.address) this.settleTitle();
    const bar = this.part<HTMLProgressElement>("progress");
    bar.hidden = phase === "kept" || (phase === "failed" && sent === file.size);
    bar.value = (100 * sent) / file.size;
    const figures = [words.of(size(sent), size(file.size), Math.floor((100 * sent) / file.size))];
    if (phase === "sending" && speed) figures.push(words.speed(size(speed)), words.left((file.size - sent) / speed));
    this.part("[data-figures]").textContent = bar.hidden || phase === "waiting" ? "" : figures.join(" · ");
    this.say(transfer.said, SHOWN[phase] ?? "");
    this.part("[data-pause]").hidden = !isMoving;
    this.part("[data-go]").hidden = phase !== "paused" && !(phase === "failed" && sent < file.size);
    this.part("[data-drop]").hidden = phase === "kept" || phase === "checking";
    const open = this.part<HTMLAnchorElement>("[data-open]");
    open.hidden = !transfer.url;
    if (transfer.url) open.href = transfer.url;
  }

  /** Once the server has the title it is changed on the video's own page. */
  private settleTitle() {
    const box = this.part("[data-title-box]");
    if (box.hidden) return;
    const title = this.part("[data-title]");
    [title.textContent, title.hidden, box.hidden] = [this.title, false, true];
  }

  private async drop() {
    if (this.address && !confirm(words.dropAsk(this.part("[data-title]").textContent || this.title))) return;
    this.transfer?.pause();
    if (this.address) {
      const reply = await ask("DELETE", this.address);
      if (reply.status !== 204 && reply.status !== 404) return this.say(reply.status === 403 ? words.signedOut : words.offline, "qj-bad");
    }
    this.element.remove();
    document.dispatchEvent(new Event("qj:rows"));
  }

  private part<E extends HTMLElement = HTMLElement>(selector: string): E {
    return this.element.querySelector<E>(selector)!;
  }

  private on(selector: string, act: () => void) {
    this.part(selector).addEventListener("click", act);
  }
}
