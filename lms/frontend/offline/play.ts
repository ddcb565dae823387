// Plays a pack from the device and keeps what was watched until there is a line.
import { Collector, observe } from "../player/collector";
import { ConfigSource, type PlayerConfig } from "../player/config";
import { type Parts, build } from "../player/controls";
import { watchIntent } from "../player/intent";
import { type Range, covered, holds } from "../player/intervals";
import { Notices } from "../player/notices";
import { Renditions } from "../player/renditions";
import { announceMedia } from "../player/session";
import { StreamSource } from "../player/source";
import { words as playerWords } from "../player/strings";
import { INDEX, NOTE, type Pack, fileUrl, packsHere } from "./packs";
import { wireReport } from "./report";
import { drawSeen, sayWaiting, waitingOf } from "./seen";
import { remember } from "./shelf";
import { day, size, words } from "./strings";
import { added, read, started, update } from "./watched";

const KEEP_MS = 2000;

export async function wirePlayer(root: HTMLElement): Promise<void> {
  const part = <E extends HTMLElement>(name: string) => root.querySelector<E>(`[data-play-${name}]`)!;
  const unit = new URLSearchParams(location.search).get("unit");
  const pack = (await packsHere()).find((one) => one.unit === unit && one.is_whole);
  if (!pack) {
    part("gone").hidden = false;
    return;
  }
  part("title").textContent = pack.title;
  part("facts").textContent = [pack.course, pack.lecturer, words().form(pack.form), size(pack.bytes), words().until(day(pack.expires_at))]
    .filter(Boolean)
    .join(" · ");
  document.title = pack.title;
  part("room").hidden = false;
  let shown = pack;
  const show = async () => {
    const kept = await read(pack);
    part("waiting").textContent = sayWaiting(kept);
    drawSeen(root.querySelector<SVGSVGElement>("[data-seen]")!, shown, kept);
  };
  const report = wireReport(part("said"), (outcomes) => {
    const watched = outcomes.find((outcome) => outcome.unit === unit)?.watched;
    if (watched) shown = { ...shown, watched };
    void remember(outcomes).then(show);
  });
  await report();
  await show();
  const resumeAt = firstGap(shown, waitingOf(await read(pack)));
  const keeper = new Keeper(pack, show);
  play(root, pack, resumeAt, keeper);
}

/** Where to go on: the first second not seen yet, from the start once everything is. */
function firstGap(pack: Pack, waiting: Range[]): number {
  const seen = [...pack.watched, ...waiting];
  let at = 0;
  for (;;) {
    const end = seen.find(([from, to]) => from <= at && at < to)?.[1];
    if (end === undefined) break;
    at = end;
  }
  return at < pack.duration_seconds - 2 && !holds(seen, at) ? at : 0;
}

/** Writes what was played to the device every two seconds, and at every stop. */
class Keeper {
  private waiting: { range: Range; rate: number }[] = [];
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly pack: Pack,
    private readonly onKept: () => Promise<void>,
  ) {
    setInterval(() => void this.keep(), KEEP_MS);
    addEventListener("pagehide", () => void this.keep());
    document.addEventListener("visibilitychange", () => void this.keep());
  }

  played(range: Range, rate: number): void {
    this.waiting.push({ range, rate });
  }

  keep(): Promise<void> {
    const pieces = this.waiting.splice(0);
    if (!pieces.length || covered(pieces.map(({ range }) => range)) === 0) return this.writing;
    this.writing = this.writing
      .then(() =>
        update(this.pack, (kept) =>
          pieces.reduce((all, { range, rate }) => added(all, range, rate), kept ?? started(this.pack)),
        ),
      )
      .then(this.onKept);
    return this.writing;
  }
}

function play(root: HTMLElement, pack: Pack, resumeAt: number, keeper: Keeper): void {
  const config = configOf(pack, resumeAt);
  const renditions = new Renditions(false);
  const parts: Parts = build(root.querySelector<HTMLElement>("[data-player]")!, config, renditions);
  const { video } = parts;
  const configs = new ConfigSource(config);
  const notices = new Notices(parts.controller, root.querySelector<HTMLElement>("[data-player-banners]")!, root.querySelector<HTMLTemplateElement>("template[data-banner]")!);
  const broke = (reason: "network" | "decode") =>
    notices.note(reason === "decode" ? playerWords().undecodable : words().gone, [], true);
  const source = new StreamSource(video, configs, renditions, {
    onSlow: () => {},
    onFatal: broke,
    onReload: () => sample(),
    onSignedOut: () => broke("network"),
  });
  const sample = observe(video, new Collector(pack.duration_seconds, (range, rate) => keeper.played(range, rate)));
  watchIntent(parts, configs, source, sample);
  for (const name of ["pause", "ended", "seeking"]) video.addEventListener(name, () => void keeper.keep());
  video.addEventListener("ratechange", () => {
    if (video.playbackRate > pack.max_rate) video.playbackRate = pack.max_rate;
    else if (video.defaultPlaybackRate !== video.playbackRate) video.defaultPlaybackRate = video.playbackRate;
  });
  announceMedia(video, config);
  if (resumeAt) {
    video.currentTime = resumeAt;
    video.dispatchEvent(new Event("timeupdate"));
  }
}

function configOf(pack: Pack, resumeAt: number): PlayerConfig {
  return {
    beat_url: "",
    token: "",
    manifest_url: fileUrl(pack.unit, INDEX),
    poster_url: fileUrl(pack.unit, pack.poster),
    thumbnails_url: "",
    audio_url: "",
    captions: pack.captions.map(({ language, label, file, default: isDefault }) => ({ language, label, url: fileUrl(pack.unit, file), default: isDefault })),
    lecturer: pack.lecturer,
    course: pack.course,
    duration_seconds: pack.duration_seconds,
    watched: pack.watched,
    resume_at: resumeAt,
    max_rate: pack.max_rate,
    coverage_share: pack.coverage_share,
    settle_url: "",
    refresh_url: fileUrl(pack.unit, NOTE),
    title: pack.title,
    record_url: "",
  };
}
