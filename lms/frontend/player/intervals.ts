// Unions of half-open ranges [from, to), the same arithmetic as the server's int4multirange.

export type Range = readonly [number, number];

/** Sorted, disjoint, touching ranges joined, empty ones dropped. */
export function union(...lists: ReadonlyArray<readonly Range[]>): Range[] {
  const sorted = lists
    .flat()
    .filter(([from, to]) => to > from)
    .sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

export function subtract(from: readonly Range[], taken: readonly Range[]): Range[] {
  let left = union(from);
  for (const [start, end] of union(taken)) {
    left = left.flatMap(([a, b]): Range[] => {
      if (end <= a || start >= b) return [[a, b]];
      const pieces: Range[] = [[a, Math.max(a, start)], [Math.min(b, end), b]];
      return pieces.filter(([x, y]) => y > x);
    });
  }
  return left;
}

/** What of the ranges lies between two seconds. */
export function within(ranges: readonly Range[], [start, end]: Range): Range[] {
  return union(ranges.map(([from, to]): Range => [Math.max(from, start), Math.min(to, end)]));
}

export function missing(watched: readonly Range[], duration: number): Range[] {
  return subtract([[0, duration]], watched);
}

/** What the server will count: a second is watched when all of it was played. */
export function wholeSeconds(ranges: readonly Range[]): Range[] {
  return union(union(ranges).map(([from, to]): Range => [Math.ceil(from), Math.floor(to)]));
}

export function covered(ranges: readonly Range[]): number {
  return union(ranges).reduce((sum, [from, to]) => sum + to - from, 0);
}

/** The first `seconds` seconds of the ranges, in their order. */
export function first(ranges: readonly Range[], seconds: number): Range[] {
  const taken: Range[] = [];
  let room = seconds;
  for (const [from, to] of union(ranges)) {
    if (room <= 0) break;
    taken.push([from, Math.min(to, from + room)]);
    room -= to - from;
  }
  return taken;
}

export function holds(ranges: readonly Range[], position: number): boolean {
  return ranges.some(([from, to]) => from <= position && position < to);
}

/** Only well-formed ranges: what comes from storage or the wire is not trusted to be any shape. */
export function readRanges(value: unknown): Range[] {
  if (!Array.isArray(value)) return [];
  const pairs = value.filter(
    (pair): pair is [number, number] =>
      Array.isArray(pair) && pair.length === 2 && pair.every((x) => Number.isFinite(x) && x >= 0),
  );
  return union(pairs);
}
