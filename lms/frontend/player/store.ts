// Claims that could not be sent (or whose answer never came), kept on this device by viewing. One viewing is one person and one video,
// so a shared computer never hands one person's ranges to another.
import { type Range, readRanges, subtract, union } from "./intervals";

const DATABASE = "qiangji-player";
const TABLE = "claims";

type Change = (kept: Range[]) => Range[];

export interface ClaimStore {
  /** Survives a reload. */
  readonly isLasting: boolean;
  read(): Promise<Range[]>;
  add(ranges: readonly Range[]): Promise<void>;
  remove(ranges: readonly Range[]): Promise<void>;
  /** At once and synchronously, for a page that is being closed; the next `read` takes it over. */
  hold(ranges: readonly Range[]): void;
}

/** Pure halves of the store: two tabs may write, so neither ever replaces the other's ranges. */
export const merged = (kept: unknown, added: readonly Range[]): Range[] =>
  union(readRanges(kept), added);
export const reduced = (kept: unknown, settled: readonly Range[]): Range[] =>
  subtract(readRanges(kept), settled);

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export function browserStore(viewing: string): ClaimStore {
  const database = opened();
  const update = async (change: Change): Promise<Range[]> => {
    const table = (await database).transaction(TABLE, "readwrite").objectStore(TABLE);
    return new Promise((resolve, reject) => {
      const reading = table.get(viewing);
      reading.onerror = () => reject(reading.error);
      reading.onsuccess = () => {
        const next = change(readRanges(reading.result));
        if (next.length) table.put(next, viewing);
        else table.delete(viewing);
        resolve(next);
      };
    });
  };
  const held = `${DATABASE}:${viewing}`;
  return {
    isLasting: true,
    read: async () => {
      const last: unknown = JSON.parse(localStorage.getItem(held) ?? "[]");
      const ranges = await update((kept) => merged(kept, readRanges(last)));
      localStorage.removeItem(held);
      return ranges;
    },
    hold: (ranges) => localStorage.setItem(held, JSON.stringify(merged(ranges, []))),
    add: async (ranges) => void (await update((kept) => merged(kept, ranges))),
    remove: async (ranges) => void (await update((kept) => reduced(kept, ranges))),
  };
}

/** Private windows and locked-down browsers have no database: the page's own memory must do. */
export function forgetfulStore(): ClaimStore {
  return { isLasting: false, read: async () => [], add: async () => {}, remove: async () => {}, hold: () => {} };
}
