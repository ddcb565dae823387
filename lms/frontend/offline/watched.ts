// What was watched without a network, kept on this device by account and unit until the server has it. It holds
// no title and no name, and outlives the pack's files: it goes when it was taken or refused for good.
import { type Range, readRanges, subtract, union, wholeSeconds } from "../player/intervals";

const DATABASE = "qiangji-offline";
const TABLE = "watched";

export interface Sending {
  client_key: string;
  ranges: Range[];
  rate: number;
}

export interface Watched {
  account: string;
  unit: string;
  /** Of the pack, and of the request it was issued for. */
  key: string;
  client_key: string;
  ranges: Range[];
  /** Seconds played and the time they took: their quotient is the rate that is reported. */
  played: number;
  took: number;
  /** On its way: the same body again until an answer came. */
  sending?: Sending | null;
  /** The files are gone; the pack is given up once everything is sent. */
  is_leaving?: boolean;
}

const idOf = (pack: { account: string; unit: string }): string => `${pack.account}:${pack.unit}`;

let database: Promise<IDBDatabase> | null = null;

function opened(): Promise<IDBDatabase> {
  database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return database;
}

const answer = <T>(request: IDBRequest): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const table = async (mode: IDBTransactionMode): Promise<IDBObjectStore> =>
  (await opened()).transaction(TABLE, mode).objectStore(TABLE);

export async function everything(): Promise<Watched[]> {
  return answer<Watched[]>((await table("readonly")).getAll());
}

export async function read(pack: { account: string; unit: string }): Promise<Watched | undefined> {
  return answer<Watched | undefined>((await table("readonly")).get(idOf(pack)));
}

/** In one transaction, since two pages may write; null deletes. */
export async function update(
  pack: { account: string; unit: string },
  change: (kept: Watched | undefined) => Watched | null,
): Promise<void> {
  const store = await table("readwrite");
  const next = change(await answer<Watched | undefined>(store.get(idOf(pack))));
  await answer<unknown>(next ? store.put(next, idOf(pack)) : store.delete(idOf(pack)));
}

export const started = (pack: { account: string; unit: string; key: string; client_key: string }): Watched => ({
  account: pack.account,
  unit: pack.unit,
  key: pack.key,
  client_key: pack.client_key,
  ranges: [],
  played: 0,
  took: 0,
});

export function added(kept: Watched, range: Range, rate: number): Watched {
  const seconds = range[1] - range[0];
  return {
    ...kept,
    ranges: union(readRanges(kept.ranges), [range]),
    played: kept.played + seconds,
    took: kept.took + seconds / rate,
  };
}

/** The next return, or none when no whole second is waiting. */
export function nextReturn(kept: Watched, clientKey: string): Sending | null {
  const ranges = wholeSeconds(kept.ranges);
  if (!ranges.length) return null;
  const rate = kept.took > 0 ? kept.played / kept.took : 1;
  return { client_key: clientKey, ranges, rate: Math.max(0.0625, Math.floor(rate * 100 + 1e-6) / 100) };
}

/** Taken, or refused for good: only what was played since is left. */
export function settled(kept: Watched): Watched {
  const left = subtract(kept.ranges, kept.sending?.ranges ?? []);
  return { ...kept, ranges: left, played: 0, took: 0, sending: null };
}
