// The visible player: media-chrome elements in the site's own lines and words.
import "./adopted_styles";
import "media-chrome/media-controller.js";
import "media-chrome/media-control-bar.js";
import "media-chrome/media-play-button.js";
import "media-chrome/media-mute-button.js";
import "media-chrome/media-volume-range.js";
import "media-chrome/media-time-range.js";
import "media-chrome/media-time-display.js";
import "media-chrome/media-captions-button.js";
import "media-chrome/media-pip-button.js";
import "media-chrome/media-fullscreen-button.js";
import "media-chrome/media-loading-indicator.js";
import "media-chrome/media-poster-image.js";
import "media-chrome/menu/media-chrome-menu-item.js";
import "media-chrome/menu/media-captions-menu.js";
import "media-chrome/menu/media-captions-menu-button.js";
import "media-chrome/menu/media-playback-rate-menu.js";
import "media-chrome/menu/media-playback-rate-menu-button.js";
import "media-chrome/menu/media-rendition-menu-button.js";
import { MediaRenditionMenu } from "media-chrome/menu/media-rendition-menu.js";
import { En } from "media-chrome/lang/en.js";
import { ZhCn } from "media-chrome/lang/zh-CN.js";
import { addTranslation } from "media-chrome/utils/i18n.js";

import { markOnBar } from "./chapters";
import { type PlayerConfig, bounds } from "./config";
import { megabytesAnHour } from "./data_cost";
import { icon } from "./icons";
import { firstShown } from "./languages";
import { nameOf } from "./naming";
import type { Renditions } from "./renditions";
import { boundBar } from "./span";
import { words } from "./strings";

export interface Parts {
  controller: HTMLElement;
  video: HTMLVideoElement;
  thumbnails: HTMLTrackElement | null;
}

// A name must hold the words it shows (WCAG 2.5.3), and the button shows "1.25x".
addTranslation("zh-CN", {
  ...ZhCn,
  "closed captions": "字幕",
  "media loading": "视频加载中",
  "Playback rate {playbackRate}": "播放速度：{playbackRate}x",
});
addTranslation("en", { ...En, "Playback rate {playbackRate}": "Playback rate {playbackRate}x" });

MediaRenditionMenu.formatRendition = (rendition) => {
  const name = nameOf(rendition);
  return rendition.bitrate ? words().costing(name, megabytesAnHour(rendition.bitrate)) : name;
};

const RATES = [0.75, 1, 1.25, 1.5, 2];
const AUTOHIDE_SECONDS = "2";

function captionControls(count: number): string {
  if (count === 0) return "";
  const icons = icon("captions", "on") + icon("captionsOff", "off");
  return count === 1
    ? `<media-captions-button notooltip>${icons}</media-captions-button>`
    : `<media-captions-menu-button notooltip>${icons}</media-captions-menu-button>`;
}

function markup(config: PlayerConfig): string {
  const rates = RATES.filter((rate) => rate <= config.max_rate).join(" ");
  return `
    <media-loading-indicator slot="centered-chrome" noautohide></media-loading-indicator>
    <media-play-button class="qp-big" slot="centered-chrome" notooltip>${icon("play", "play")}${icon("pause", "pause")}</media-play-button>
    <div class="qp-notes" slot="top-chrome" noautohide></div>
    <media-rendition-menu hidden anchor="auto"></media-rendition-menu>
    <media-captions-menu hidden anchor="auto"></media-captions-menu>
    <media-playback-rate-menu hidden anchor="auto" rates="${rates}"></media-playback-rate-menu>
    <div class="qp-bar" noautohide>
      <media-time-range></media-time-range>
      <media-control-bar>
        <media-play-button notooltip>${icon("play", "play")}${icon("pause", "pause")}</media-play-button>
        <media-mute-button class="qp-wide" notooltip>${icon("muted", "off")}${icon("volume", "low")}${icon("volume", "medium")}${icon("volume", "high")}</media-mute-button>
        <media-volume-range class="qp-wide"></media-volume-range>
        <media-time-display showduration notoggle></media-time-display>
        <span class="qp-space"></span>
        <media-playback-rate-menu-button notooltip></media-playback-rate-menu-button>
        ${captionControls(config.captions.length)}
        <media-rendition-menu-button notooltip>${icon("quality", "icon")}</media-rendition-menu-button>
        <media-pip-button class="qp-wide" notooltip>${icon("pip", "enter")}${icon("pip", "exit")}</media-pip-button>
        <media-fullscreen-button notooltip>${icon("full", "enter")}${icon("unfull", "exit")}</media-fullscreen-button>
      </media-control-bar>
    </div>`;
}

function track(kind: string, label: string, src: string): HTMLTrackElement {
  const element = document.createElement("track");
  element.kind = kind;
  element.label = label;
  element.src = src;
  return element;
}

function buildVideo(config: PlayerConfig, renditions: Renditions): HTMLVideoElement {
  const video = document.createElement("video");
  video.slot = "media";
  video.playsInline = true;
  video.preload = "auto";
  video.disableRemotePlayback = true; // a television in the room is nobody's evidence
  video.title = config.title;
  Object.assign(video, { videoRenditions: renditions });
  const shown = firstShown(config.captions);
  for (const caption of config.captions) {
    const element = track("captions", caption.label, caption.url);
    element.srclang = caption.language;
    element.default = caption === shown;
    video.append(element);
  }
  markOnBar(video, config.chapters ?? [], bounds(config)[1]);
  return video;
}

/** Fills the reserved stage; its size was already right, so nothing on the page moves. */
export function build(stage: HTMLElement, config: PlayerConfig, renditions: Renditions): Parts {
  const controller = document.createElement("media-controller");
  controller.className = "qp";
  controller.setAttribute("lang", words().language);
  controller.setAttribute("nohotkeys", "");
  controller.setAttribute("gesturesdisabled", "");
  controller.setAttribute("autohide", "-1");
  controller.setAttribute("defaultduration", String(bounds(config)[1]));
  if (config.span) boundBar(config.span);
  const video = buildVideo(config, renditions);
  let thumbnails: HTMLTrackElement | null = null;
  if (config.thumbnails_url) {
    thumbnails = track("metadata", "thumbnails", config.thumbnails_url);
    thumbnails.default = true;
    video.append(thumbnails);
  }
  controller.innerHTML = markup(config);
  if (config.poster_url) {
    const poster = document.createElement("media-poster-image");
    poster.slot = "poster";
    poster.setAttribute("src", config.poster_url);
    controller.prepend(poster);
  }
  controller.prepend(video);
  stage.replaceChildren(controller);
  // It carries aria-checked, which a plain button may not.
  controller.querySelector("media-captions-button")?.setAttribute("role", "switch");
  const showMode = () => controller.toggleAttribute("data-sound-only", renditions.isSoundOnly);
  renditions.addEventListener("change", showMode);
  showMode();
  letTouchPlay(controller, video);
  keepFocusInside(controller, video);
  return { controller, video, thumbnails };
}

function letTouchPlay(controller: HTMLElement, video: HTMLVideoElement): void {
  let wasHidden = false;
  video.addEventListener("pointerdown", () => (wasHidden = controller.hasAttribute("userinactive")), true);
  video.addEventListener("click", () => {
    if (wasHidden && document.fullscreenElement) return; // the first tap only brings the bar back
    if (video.paused) void video.play().catch(() => {});
    else video.pause();
  });
  // Below the picture the bar is always there; over a full screen it hides.
  document.addEventListener("fullscreenchange", () => {
    controller.setAttribute("autohide", document.fullscreenElement ? AUTOHIDE_SECONDS : "-1");
    controller.querySelector(".qp-bar")?.toggleAttribute("noautohide", !document.fullscreenElement);
    controller.dispatchEvent(new PointerEvent("pointermove", { pointerType: "mouse" })); // starts its clock
  });
}

/** The keys work while the focus is in the player: a click on the picture brings it there, and it stays. */
function keepFocusInside(controller: HTMLElement, video: HTMLVideoElement): void {
  controller.tabIndex = -1;
  video.addEventListener("play", () => {
    // The large button hides now; without this its focus would fall out of the player.
    if (!document.activeElement?.matches(".qp-big")) return;
    controller.querySelector<HTMLElement>(".qp-bar media-play-button")?.focus({ preventScroll: true });
  });
}

/** media-chrome answers requests sent as events from any of its elements. */
export function request(controller: HTMLElement, name: string): void {
  controller.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true }));
}
