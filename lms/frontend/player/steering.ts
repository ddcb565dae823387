// Carries out what the keyboard asks for.
import type { PlayerConfig } from "./config";
import { type Parts, request } from "./controls";
import { type Action, nextRate } from "./keyboard";

const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most);

/** `sample` notes what was played so far, before the position is moved. */
export function steer(
  { controller, video }: Parts,
  { duration_seconds, max_rate }: PlayerConfig,
  action: Action,
  sample: () => void,
): void {
  const go = (seconds: number) => {
    sample();
    video.currentTime = clamp(seconds, duration_seconds - 1);
  };
  switch (action.do) {
    case "toggle":
      return request(controller, video.paused ? "mediaplayrequest" : "mediapauserequest");
    case "mute":
      return request(controller, video.muted ? "mediaunmuterequest" : "mediamuterequest");
    case "captions":
      return request(controller, "mediatogglesubtitlesrequest");
    case "fullscreen":
      return request(controller, document.fullscreenElement ? "mediaexitfullscreenrequest" : "mediaenterfullscreenrequest");
    case "pip":
      return request(controller, document.pictureInPictureElement ? "mediaexitpiprequest" : "mediaenterpiprequest");
    case "help":
      document.getElementById("player-keys")?.togglePopover?.();
      return;
    case "skip":
      return go(video.currentTime + action.seconds);
    case "jump":
      return go(duration_seconds * action.share);
    case "volume":
      video.volume = clamp(video.volume + action.step, 1);
      return;
    case "rate":
      video.playbackRate = nextRate(video.playbackRate, action.step, max_rate);
  }
}
