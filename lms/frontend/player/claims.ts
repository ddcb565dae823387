// What was played here and is not yet on record, and how much of it the server's clock will accept now.
//
// The server accepts a beat when the seconds it adds fit into the time since this person's last accepted
// beat, times the rate, plus two seconds. Later time is never given back, so a beat always carries
// everything that fits; the rest (after a reload, after hours offline) waits for time to pass.
import {
  type Range,
  covered,
  first,
  missing,
  readRanges,
  subtract,
  union,
  wholeSeconds,
  within,
} from "./intervals";

const SLACK_SECONDS = 1.5; // under the server's 2, because requests do not travel equally fast
const MAX_STRIKES = 2;

export interface Claim {
  ranges: Range[];
  rate: number;
  gain: number;
  sentAt: number;
}

export class Claims {
  private unsent: Range[] = [];
  private usedRate = 1;
  private strikes = 0;
  /** Estimate of the moment up to which this person's time is already used. */
  private usedUntil: number;

  constructor(
    private readonly duration: number,
    private readonly maxRate: number,
    public confirmed: Range[],
    openedAt: number,
    /** What counts of the recording: nothing else is claimed or shown as seen. */
    private readonly bounds: Range = [0, duration],
  ) {
    this.confirmed = within(confirmed, bounds);
    this.usedUntil = openedAt;
  }

  record(range: Range, rate: number): void {
    this.unsent = union(this.unsent, within([range], this.bounds));
    this.usedRate = Math.min(Math.max(this.usedRate, rate), this.maxRate);
  }

  /** Ranges kept on this device from an earlier visit. */
  restore(ranges: readonly Range[]): void {
    this.unsent = union(this.unsent, within(ranges, this.bounds));
    if (this.open.length) this.usedRate = this.maxRate;
  }

  /** Whole seconds that would be new to the server. */
  get open(): Range[] {
    return subtract(wholeSeconds(this.unsent), this.confirmed);
  }

  /** Everything not on record, fractions included: the next piece may complete their second. */
  get kept(): Range[] {
    return subtract(this.unsent, this.confirmed);
  }

  get seen(): Range[] {
    return union(this.confirmed, wholeSeconds(this.unsent));
  }

  next(now: number): Claim | null {
    const open = this.open;
    const gain = covered(open);
    if (gain === 0) return null;
    const room = (rate: number) => Math.floor((now + SLACK_SECONDS - this.usedUntil) * rate);
    // Behind the clock: catch up as fast as the policy lets anyone watch.
    const rate = gain <= room(this.usedRate) ? this.usedRate : this.maxRate;
    const fitting = first(open, Math.ceil(Math.min(gain, room(rate)) / 2 ** this.strikes));
    return fitting.length ? { ranges: fitting, rate, gain: covered(fitting), sentAt: now } : null;
  }

  accepted(claim: Claim, answer: unknown): void {
    const gaps = readRanges((answer as { missing?: unknown } | null)?.missing);
    this.confirmed = within(missing(gaps, this.duration), this.bounds);
    this.settle(claim);
    this.strikes = 0;
  }

  /** True when the claim is given up: the clock refused it twice, a smaller one in between. */
  refusedByClock(claim: Claim): boolean {
    this.strikes += 1;
    if (this.strikes < MAX_STRIKES) return false;
    this.drop(claim);
    return true;
  }

  drop(claim: Claim): void {
    this.unsent = subtract(this.unsent, claim.ranges);
    this.strikes = 0;
  }

  /** Another page used this person's time: nothing before now can be claimed. */
  restart(now: number): void {
    this.usedUntil = now;
  }

  confirm(watched: readonly Range[]): void {
    this.confirmed = union(this.confirmed, within(watched, this.bounds));
    this.unsent = this.kept;
  }

  private settle(claim: Claim): void {
    this.unsent = this.kept;
    this.usedUntil = Math.max(this.usedUntil + claim.gain / claim.rate, claim.sentAt);
    if (this.open.length === 0) this.usedRate = 1;
  }
}
