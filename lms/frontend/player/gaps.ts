// Jumping to a missing segment, and from its end on to the next one that is still missing.
import { type Range, subtract } from "./intervals";

// The last second must be played to its end before the jump.
const PAST_END_SECONDS = 0.15;

export class GapTour {
  private gap: Range | null = null;

  begin(gap: Range): void {
    this.gap = gap;
  }

  /** The person went somewhere else: their choice counts. */
  leave(): void {
    this.gap = null;
  }

  /** Where to go now, or null to play on. */
  next(position: number, seen: readonly Range[], bounds: Range): Range | null {
    if (!this.gap || position < this.gap[1] + PAST_END_SECONDS) return null;
    const left = subtract([bounds], seen).filter(([from, to]) => to - from >= 1);
    const here = left.find(([from, to]) => from <= position && position < to);
    if (here) {
      this.gap = here;
      return null;
    }
    const following = left.find(([from]) => from > position) ?? left.find(([, to]) => to <= position);
    this.gap = following ?? null;
    return this.gap;
  }

  holds(position: number): boolean {
    return this.gap !== null && position >= this.gap[0] - 1 && position <= this.gap[1] + 1;
  }
}
