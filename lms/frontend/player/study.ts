// What happens when: ties playback, claims, settlement and the page together.
import type { BeatSender, BeatState } from "./beats";
import type { ChapterList } from "./chapters";
import type { Claims } from "./claims";
import { type ConfigSource, bounds, neededSeconds } from "./config";
import type { Parts } from "./controls";
import type { Evidence } from "./evidence";
import { GapTour } from "./gaps";
import { watchIntent } from "./intent";
import { type Range, covered } from "./intervals";
import { forgetLink, linkedSecond } from "./link";
import type { Notices } from "./notices";
import type { Renditions } from "./renditions";
import { announceMedia } from "./session";
import type { Settler } from "./settlement";
import type { StreamSource } from "./source";
import { keepWithin } from "./span";
import { words } from "./strings";
import { span, stamp } from "./times";
import type { Transcript } from "./transcript";

const STALL_MS = 2500;
const STUCK_MS = 8000;
const CATCHING_UP_SECONDS = 20;
const SETTLE_AGAIN_MS = 15_000;
const HURRY_MS = 3000;
const DROPPED_MS = 30_000;

interface Crew {
  configs: ConfigSource;
  claims: Claims;
  parts: Parts;
  notices: Notices;
  canKeep: boolean;
  settler: Settler;
  sender: BeatSender;
  source: StreamSource;
  renditions: Renditions;
  evidence: Evidence;
  transcript: Transcript | null;
  chapters: ChapterList | null;
}

export class Study {
  private readonly tour = new GapTour();
  sample = () => {};
  private stallTimer = 0;
  private stuckTimer = 0;
  private isStalled = false;
  private settleTimer = 0;
  private hurriedAt = -HURRY_MS;

  constructor(private readonly crew: Crew) {}

  private get video(): HTMLVideoElement {
    return this.crew.parts.video;
  }

  async begin(sample: () => void): Promise<void> {
    this.sample = sample;
    const { configs, sender, source, evidence } = this.crew;
    evidence.wireExisting();
    this.watchPlayback();
    this.watchPage();
    watchIntent(this.crew.parts, configs, source, sample);
    configs.onChange(({ thumbnails_url, watched }) => {
      this.crew.claims.confirm(watched);
      if (this.crew.parts.thumbnails) this.crew.parts.thumbnails.src = thumbnails_url;
    });
    this.progressed();
    const { resume_at, span } = configs.current;
    const [from, to] = bounds(configs.current);
    if (span) keepWithin(this.video, span);
    const linked = linkedSecond(location.search, [from, to]);
    if (linked !== null) {
      this.place(linked);
      this.offerStart(words().linked(stamp(linked)), 0);
      this.video.addEventListener("playing", forgetLink, { once: true });
    } else if (resume_at > from && resume_at < to - 2) {
      this.place(resume_at);
      this.offerStart(words().resumed(stamp(resume_at)));
    } else if (from > 0) this.place(from);
    await sender.restore();
  }

  played(range: Range, rate: number): void {
    this.crew.claims.record(range, rate);
  }

  progressed(): void {
    const { claims, evidence, transcript, notices } = this.crew;
    evidence.show(claims);
    transcript?.show(this.missed());
    const behind = covered(claims.open);
    if (behind > CATCHING_UP_SECONDS && this.crew.sender.state === "live") {
      notices.banner("catching_up", words().catchingUp(span(behind)));
    } else {
      notices.dismiss("catching_up");
    }
    if (covered(claims.confirmed) >= neededSeconds(this.crew.configs.current)) void this.settle();
  }

  watchGap(gap: Range): void {
    this.seek(gap[0]);
    this.tour.begin(gap);
  }

  seek(seconds: number): void {
    this.sample();
    this.tour.leave();
    this.video.currentTime = seconds;
    void this.video.play().catch(() => {});
  }

  stateChanged(state: BeatState): void {
    const { notices, canKeep, sender } = this.crew;
    for (const topic of ["offline", "elsewhere", "signed_out"]) if (topic !== state) notices.dismiss(topic);
    if (state === "offline") notices.banner(state, canKeep ? words().offline : words().offlineMemory);
    if (state === "signed_out") {
      notices.banner(state, words().signedOut, { label: words().signIn, act: () => location.reload() });
    }
    if (state === "elsewhere") {
      this.video.pause();
      const act = () => void sender.resume().then(() => this.video.play()).catch(() => this.stateChanged("offline"));
      notices.banner(state, words().elsewhere, { label: words().continueHere, act });
    }
  }

  dropped(reason: "clock" | "refused", seconds: number): void {
    const say = reason === "clock" ? words().tooFast : words().notTaken;
    this.crew.notices.banner("dropped", say(span(seconds)));
    setTimeout(() => this.crew.notices.dismiss("dropped"), DROPPED_MS);
  }

  broke(reason: "network" | "decode"): void {
    this.isStalled = false;
    clearTimeout(this.stuckTimer);
    const { notices, source } = this.crew;
    const text = reason === "decode" ? words().undecodable : words().fatal;
    const act = () => {
      notices.clearNote();
      void source.retry();
    };
    notices.note(text, { label: words().retry, act }, true);
  }

  /** Lines to mark. On a first visit everything is missing, and marking all of it says nothing. */
  private missed(): Range[] {
    const { claims, evidence } = this.crew;
    return claims.seen.length ? evidence.open(claims) : [];
  }

  /** Nothing to play right now, or nothing yet. */
  stalled(): void {
    const isWaiting = this.video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
    if (!isWaiting || (this.video.paused && this.video.readyState > 0)) return;
    if (this.isStalled) return;
    this.isStalled = true;
    this.crew.notices.note(words().stalled, [], true);
    this.stuckTimer = window.setTimeout(() => this.stuck(), STUCK_MS - STALL_MS);
  }

  /** It will not pass in a moment: say what helps. */
  private stuck(): void {
    const { notices, source, renditions } = this.crew;
    const leave = (act: () => void) => () => {
      this.settleStall();
      act();
    };
    const choices = [{ label: words().tryNow, act: leave(() => void source.retry()) }];
    if (renditions.hasSound && !renditions.isSoundOnly) {
      choices.unshift({ label: words().listen, act: leave(() => renditions.chooseSound()) });
    }
    notices.note(words().stuck, choices, true);
  }

  private async settle(): Promise<void> {
    const { settler, evidence, transcript, claims, notices } = this.crew;
    clearTimeout(this.settleTimer);
    try {
      const settlement = await settler.settle();
      notices.dismiss("settle");
      if (!settlement) return;
      evidence.settled(settlement, claims);
      transcript?.show(this.missed());
    } catch {
      notices.banner("settle", words().settleFailed, { label: words().settleAgain, act: () => void this.settle() });
      this.settleTimer = window.setTimeout(() => void this.settle(), SETTLE_AGAIN_MS);
    }
  }

  /** Without a stream yet the element keeps the place for later, but tells nobody. */
  private place(at: number): void {
    this.video.currentTime = at;
    this.video.dispatchEvent(new Event("timeupdate"));
  }

  /** The offer stays until so long after somebody plays. */
  private offerStart(said: string, lingersMs = 4000): void {
    const { notices } = this.crew;
    const act = () => {
      notices.clearNote();
      this.seek(bounds(this.crew.configs.current)[0]);
    };
    notices.note(said, { label: words().fromStart, act }, true);
    this.video.addEventListener("playing", () => setTimeout(() => notices.clearNote(), lingersMs), { once: true });
  }

  private watchPlayback(): void {
    const { sender, configs } = this.crew;
    const on = (name: string, act: () => void) => this.video.addEventListener(name, act);
    on("playing", () => {
      this.settleStall();
      sender.plan();
    });
    on("canplay", () => this.settleStall());
    on("timeupdate", () => this.tick());
    on("waiting", () => {
      clearTimeout(this.stallTimer);
      this.stallTimer = window.setTimeout(() => this.stalled(), STALL_MS);
    });
    for (const name of ["pause", "seeking", "ratechange"]) on(name, () => void this.report());
    on("seeking", () => {
      if (!this.tour.holds(this.video.currentTime)) this.tour.leave();
    });
    on("ended", () => void this.finish());
    on("ratechange", () => {
      if (this.video.playbackRate > configs.current.max_rate) this.video.playbackRate = configs.current.max_rate;
      // A speed chosen before the stream is there, or when it is loaded again, is not forgotten.
      else if (this.video.defaultPlaybackRate !== this.video.playbackRate) {
        this.video.defaultPlaybackRate = this.video.playbackRate;
      }
    });
    on("play", () => {
      if (sender.state === "elsewhere") this.stateChanged("elsewhere");
    });
    announceMedia(this.video, configs.current);
  }

  private watchPage(): void {
    const { sender } = this.crew;
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.report();
      // Signed in again in another tab, perhaps.
      else if (sender.state === "signed_out") void sender.resume().catch(() => {});
    });
    document.addEventListener("qj:seek", (event) => this.seek((event as CustomEvent<number>).detail));
    addEventListener("offline", () => {
      if (sender.state === "live") this.stateChanged("offline");
    });
    addEventListener("online", () => {
      if (sender.state === "live") this.crew.notices.dismiss("offline");
    });
    addEventListener("pagehide", () => {
      this.sample();
      sender.beacon();
    });
    addEventListener("pageshow", (event) => {
      if (event.persisted) void sender.resume().catch(() => {});
    });
  }

  private tick(): void {
    const { claims, evidence, transcript, chapters, configs } = this.crew;
    this.settleStall();
    this.hurry();
    evidence.show(claims);
    transcript?.show(this.missed());
    transcript?.follow(this.video.currentTime);
    chapters?.follow(this.video.currentTime);
    const next = this.tour.next(this.video.currentTime, claims.seen, bounds(configs.current));
    if (!next) return;
    this.watchGap(next);
    this.crew.notices.note(words().gapDone(stamp(next[0])));
  }

  /** Enough is seen but not yet on record: do not make the learner wait for the regular beat. */
  private hurry(): void {
    const { claims, settler, sender, configs } = this.crew;
    const now = performance.now();
    const isEnough = covered(claims.seen) >= neededSeconds(configs.current);
    if (settler.isSettled || !isEnough || sender.state !== "live" || now - this.hurriedAt < HURRY_MS) return;
    this.hurriedAt = now;
    void sender.flush();
  }

  private async report(): Promise<void> {
    this.sample();
    await this.crew.sender.flush();
  }

  private async finish(): Promise<void> {
    await this.report();
    await this.settle();
  }

  private settleStall(): void {
    clearTimeout(this.stallTimer);
    clearTimeout(this.stuckTimer);
    if (this.isStalled) this.crew.notices.clearNote();
    this.isStalled = false;
  }
}
