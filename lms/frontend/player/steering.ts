// Carries out what the keyboard asks for.
import { turned } from "./chapters";
import { type PlayerConfig, bounds } from "./config";
import { type Parts, request } from "./controls";
import { type Action, nextRate } from "./keyboard";

const clamp = (value: number, most: number, least = 0) => Math.min(Math.max(value, least), most);

/** `sample` notes what was played so far, before the position is moved. */
export function steer(
  { controller, video }: Parts,
  config: PlayerConfig,
  action: Action,
  sample: () => void,
): void {
  const [from, to] = bounds(config);
  const go = (seconds: number) => {
    sample();
    video.currentTime = clamp(seconds, to - 1, from);
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
    case "note":
      document.getElementById("note-text")?.focus();
      return;
    case "help":
      document.getElementById("player-keys")?.togglePopover?.();
      return;
    case "skip":
      return go(video.currentTime + action.seconds);
    case "jump":
      return go(from + (to - from) * action.share);
    case "chapter": {
      const start = turned(config.chapters ?? [], video.currentTime, action.step);
      return start === null ? undefined : go(start);
    }
    case "volume":
      video.volume = clamp(video.volume + action.step, 1);
      return;
    case "rate":
      video.playbackRate = nextRate(video.playbackRate, action.step, config.max_rate);
  }
}
