// The study page's player: builds it, feeds the record, and shows what the record says.
import "./player.css";

import { BeatSender } from "./beats";
import { ChapterList } from "./chapters";
import { Claims } from "./claims";
import { Collector, observe } from "./collector";
import { ConfigSource, type PlayerConfig, bounds, neededSeconds, readConfig } from "./config";
import { type Parts, build } from "./controls";
import { showCost } from "./cost_line";
import { Evidence } from "./evidence";
import { followCaptions } from "./languages";
import { Notices } from "./notices";
import { Renditions } from "./renditions";
import { TranscriptSearch } from "./search";
import { Settler } from "./settlement";
import { SlideStage } from "./slides";
import { StreamSource } from "./source";
import { browserStore, forgetfulStore } from "./store";
import { words } from "./strings";
import { Study } from "./study";
import { Transcript } from "./transcript";

function find<E extends Element>(selector: string): E {
  const element = document.querySelector<E>(selector);
  if (!element) throw new Error(`the page has no ${selector}`);
  return element;
}

function assemble(config: PlayerConfig, parts: Parts, renditions: Renditions): Study {
  const configs = new ConfigSource(config);
  const { duration_seconds, max_rate, watched } = config;
  const claims = new Claims(duration_seconds, max_rate, watched, performance.now() / 1000, bounds(config));
  const store =
    config.viewing !== undefined && "indexedDB" in window ? browserStore(String(config.viewing)) : forgetfulStore();
  const notices = new Notices(parts.controller, find("[data-player-banners]"), find("template[data-banner]"));
  if (renditions.hasSlides) new SlideStage(parts, configs, renditions);
  const study: Study = new Study({
    configs,
    claims,
    parts,
    notices,
    canKeep: store.isLasting,
    settler: new Settler(configs, config.is_settled ?? false),
    sender: new BeatSender(configs, claims, store, parts.video, {
      onProgress: () => study.progressed(),
      onState: (state) => study.stateChanged(state),
      onDropped: (reason, seconds) => study.dropped(reason, seconds),
    }),
    source: new StreamSource(parts.video, configs, renditions, {
      onSlow: () => study.stalled(),
      onFatal: (reason) => study.broke(reason),
      onReload: () => study.sample(),
      onSignedOut: () => study.stateChanged("signed_out"),
    }),
    renditions,
    evidence: new Evidence(
      find("[data-evidence]"),
      {
        bounds: bounds(config),
        needed: neededSeconds(config),
        recordUrl: config.record_url,
        isLive: config.is_live ?? false,
        watchedLive: config.watched_live ?? [],
        jump: (gap) => study.watchGap(gap),
      },
      config.is_settled ?? false,
    ),
    transcript: transcript(config, parts.video, (seconds) => study.seek(seconds)),
    chapters: chapters(config, (seconds) => study.seek(seconds)),
  });
  return study;
}

function transcript(
  config: PlayerConfig,
  video: HTMLVideoElement,
  jump: (seconds: number) => void,
): Transcript | null {
  const box = document.querySelector<HTMLElement>("[data-transcript]");
  const tools = document.querySelector<HTMLElement>("[data-transcript-tools]");
  const lines = box && new Transcript(box, bounds(config), jump);
  if (box && lines && tools) {
    const search = new TranscriptSearch(tools, box, (line) => lines.reveal(line));
    lines.onChange = () => search.find();
    const following = tools.querySelector<HTMLInputElement>("[data-following]");
    following?.addEventListener("change", () => lines.setFollowing(following.checked));
    tools.toggleAttribute("data-on", true);
  }
  followCaptions(video, config.captions, lines);
  return lines;
}

function chapters(config: PlayerConfig, jump: (seconds: number) => void): ChapterList | null {
  const box = document.querySelector<HTMLElement>("[data-chapters]");
  const said = document.querySelector("[data-chapter-said]");
  const tell = (title: string) => {
    if (said) said.textContent = title ? words().chapter(title) : "";
  };
  return box && config.chapters?.length ? new ChapterList(box, config.chapters, tell, jump) : null;
}

/** Its few bytes come when somebody wants to write, not with the player. */
function bringNotes(): void {
  const box = document.querySelector<HTMLElement>("[data-notes]");
  for (const name of ["pointerenter", "focusin"]) {
    box?.addEventListener(name, () => void import(box.dataset.script!).catch(() => {}), { once: true });
  }
}

const config = readConfig();
if (config) {
  const renditions = new Renditions(Boolean(config.audio_url), Boolean(config.slides_url), config.data_per_hour);
  showCost(find("[data-cost]"), renditions);
  const parts = build(find("[data-player]"), config, renditions);
  const study = assemble(config, parts, renditions);
  const collector = new Collector(config.duration_seconds, (range, rate) => study.played(range, rate));
  bringNotes();
  void study.begin(observe(parts.video, collector));
}
