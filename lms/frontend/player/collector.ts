// Collects exactly what was played. Knows nothing of the DOM, so that it can be tested with plain numbers;
// `observe` at the end feeds it from a media element.
import type { Range } from "./intervals";

// The media clock is reported in steps; a jump without a seek event (a decoder skipping a hole) is larger.
const STEP_TOLERANCE_SECONDS = 0.3;
// A stream may begin a few frames after zero and end a few before the stated whole second.
const HEAD_SECONDS = 0.3;
const TAIL_SECONDS = 1;

type OnPlayed = (range: Range, rate: number) => void;

const toMilliseconds = (seconds: number): number => Math.round(seconds * 1000) / 1000;

export class Collector {
  private last: number | null = null;
  private lastAt = 0;
  private rate = 1;

  /** `at` is always a monotonic time in seconds; `duration` is the server's whole number of seconds. */
  constructor(
    private readonly duration: number,
    private readonly onPlayed: OnPlayed,
  ) {}

  get isOpen(): boolean {
    return this.last !== null;
  }

  start(position: number, at: number, rate: number): void {
    if (this.last !== null) {
      this.move(position, at);
      return;
    }
    this.last = position < HEAD_SECONDS ? 0 : position;
    this.lastAt = at;
    this.rate = rate;
  }

  /** Playback reached `position`; anything the clock cannot explain starts a new piece instead. */
  move(position: number, at: number): void {
    if (this.last === null) return;
    const advanced = position - this.last;
    const possible = (at - this.lastAt) * this.rate + STEP_TOLERANCE_SECONDS;
    if (advanced > 0 && advanced <= possible) this.played(this.last, position);
    this.last = position;
    this.lastAt = at;
  }

  changeRate(position: number, at: number, rate: number): void {
    this.move(position, at);
    this.rate = rate;
  }

  stop(position: number, at: number): void {
    this.move(position, at);
    this.last = null;
  }

  /** A seek: the position already belongs to the target, so only what was reported before counts. */
  interrupt(): void {
    this.last = null;
  }

  end(position: number, at: number): void {
    const reached = this.last !== null;
    this.stop(position, at);
    if (reached && position >= this.duration - TAIL_SECONDS) this.played(position, this.duration);
  }

  private played(from: number, to: number): void {
    const end = Math.min(toMilliseconds(to), this.duration);
    if (end > from) this.onPlayed([toMilliseconds(from), end], this.rate);
  }
}

const SAMPLE_MS = 200;
const FIRST_STEP_SECONDS = 0.3;

/** Returns a function that takes a sample now, for callers about to move the position themselves. */
export function observe(media: HTMLMediaElement, collector: Collector): () => void {
  const now = () => performance.now() / 1000;
  const isRunning = () => !media.paused && !media.seeking && !media.ended && media.readyState >= 2;
  let target: number | null = null;
  const sample = () => {
    if (media.seeking) return;
    if (collector.isOpen) collector.move(media.currentTime, now());
    else if (isRunning()) {
      // Heard of a little late: what was played since the seek began at its target, a whole second as a rule.
      const isFresh = target !== null && Math.abs(media.currentTime - target) < FIRST_STEP_SECONDS;
      const from = isFresh && target !== null ? Math.min(target, media.currentTime) : media.currentTime;
      collector.start(from, now(), media.playbackRate);
      target = null;
      collector.move(media.currentTime, now());
    }
  };
  media.addEventListener("playing", sample);
  media.addEventListener("timeupdate", sample);
  media.addEventListener("waiting", sample);
  media.addEventListener("seeked", sample);
  media.addEventListener("seeking", () => {
    target = media.currentTime;
    collector.interrupt();
  });
  media.addEventListener("emptied", () => collector.interrupt());
  media.addEventListener("ratechange", () => {
    if (!media.seeking) collector.changeRate(media.currentTime, now(), media.playbackRate);
  });
  media.addEventListener("pause", () => {
    if (media.seeking) collector.interrupt();
    else collector.stop(media.currentTime, now());
  });
  media.addEventListener("ended", () => collector.end(media.currentTime, now()));
  setInterval(sample, SAMPLE_MS);
  return sample;
}
