// A trimmed recording: played from where the lecture begins to where it ends, and not beyond.
//
// Its times stay those of the recording, so that transcript, chapters and evidence name the same seconds.
import { stateMediator } from "media-chrome/media-store/state-mediator.js";

import type { Range } from "./intervals";

const hasEnded = (video: HTMLMediaElement, to: number) => video.paused && video.currentTime >= to;

/** Whoever asks for what was cut off gets the nearest end; at the last second it stops as a film does. */
export function keepWithin(video: HTMLVideoElement, [from, to]: Range): void {
  video.addEventListener("seeking", () => {
    const nearest = Math.min(Math.max(video.currentTime, from), to);
    if (video.currentTime !== nearest) video.currentTime = nearest;
  });
  video.addEventListener("timeupdate", () => {
    if (video.paused || video.currentTime < to) return;
    video.pause();
    video.dispatchEvent(new Event("ended"));
  });
  video.addEventListener("play", () => {
    if (video.currentTime >= to) video.currentTime = from;
  });
}

/** media-chrome's bar, its clock and its play button know of the span only: one player a page. */
export function boundBar([from, to]: Range): void {
  const { mediaSeekable, mediaDuration, mediaEnded } = stateMediator;
  const ended = mediaEnded.get.bind(mediaEnded);
  mediaSeekable.get = () => [from, to];
  mediaDuration.get = () => to;
  mediaEnded.get = (owners) => ended(owners) || (owners.media ? hasEnded(owners.media as HTMLMediaElement, to) : false);
}
