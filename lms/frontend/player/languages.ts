// Captions in two languages: the choice (or none) is kept, and the transcript follows it. The lines of a
// language that is not on the page are fetched when somebody chooses it.
import type { Caption } from "./config";
import { remember, remembered } from "./remembered";
import type { Transcript } from "./transcript";
import { readCues } from "./vtt";

const OFF = "off";

/** Which caption shows at first: the kept choice, else the one the video names. */
export function firstShown(captions: readonly Caption[]): Caption | undefined {
  const kept = remembered("captions");
  if (kept === OFF) return undefined;
  return captions.find(({ language }) => language === kept) ?? captions.find((caption) => caption.default);
}

export function followCaptions(video: HTMLVideoElement, captions: readonly Caption[], transcript: Transcript | null): void {
  let shown = captions[0]?.language ?? ""; // the page's own lines
  const choose = async (language: string) => {
    const caption = captions.find((each) => each.language === language);
    if (!caption || !transcript || language === shown) return;
    shown = language;
    if (caption === captions[0]) return transcript.restore();
    const answer = await fetch(caption.url).catch(() => null);
    if (answer?.ok && shown === language) transcript.replace(readCues(await answer.text()), language);
    else if (shown === language) shown = "";
  };
  const showing = () => [...video.textTracks].find(({ kind, mode }) => kind === "captions" && mode === "showing");
  const first = firstShown(captions);
  if (first) void choose(first.language);
  let isSettled = false; // the browser's own first choice is nobody's
  video.textTracks.addEventListener("change", () => {
    const track = showing();
    if (isSettled) remember("captions", track?.language ?? OFF);
    if (track) void choose(track.language);
  });
  setTimeout(() => (isSettled = true));
}
