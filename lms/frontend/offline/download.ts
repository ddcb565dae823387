// Fetches the files of a pack, a few at once. What is here already is not fetched again.
import { INDEX, type Pack, fileUrl, note, openCache } from "./packs";

const LANES = 3;

export class Refused extends Error {}
export class NoRoom extends Error {}

export interface Progress {
  signal: AbortSignal;
  /** Bytes on the device so far. */
  onProgress(bytes: number): void;
  /** The signed addresses have run out: the same pack again, with fresh ones. */
  renew(): Promise<Pack>;
}

/** Throws NoRoom, AbortError, what `renew` throws, and what fetch throws without a network. */
export async function download(pack: Pack, progress: Progress): Promise<Pack> {
  const cache = await openCache(pack);
  let current = pack;
  let renewing: Promise<Pack> | null = null;
  let bytes = 0;
  const renew = async () => {
    renewing ??= progress.renew().finally(() => (renewing = null));
    current = await renewing;
  };
  const keep = async (name: string) => {
    bytes += (await sizeOf(cache, pack.unit, name)) ?? (await store(name));
    progress.onProgress(bytes);
  };
  const store = async (name: string): Promise<number> => {
    let answer = await fetch(current.prefix + name, { signal: progress.signal });
    if (answer.status === 401 || answer.status === 403) {
      await renew();
      answer = await fetch(current.prefix + name, { signal: progress.signal });
    }
    if (!answer.ok) throw new Error(`${name} answered ${answer.status}`);
    return put(cache, fileUrl(pack.unit, name), await answer.arrayBuffer(), answer.headers.get("Content-Type") ?? "");
  };
  const names = [...pack.files, ...pack.captions.map(({ file }) => file)];
  const lane = async () => {
    for (let name = names.shift(); name; name = names.shift()) await keep(name);
  };
  await note({ ...pack, is_whole: false });
  await put(cache, fileUrl(pack.unit, INDEX), new TextEncoder().encode(pack.index).buffer, "application/vnd.apple.mpegurl");
  await Promise.all(Array.from({ length: LANES }, lane));
  const whole = { ...current, bytes, is_whole: true };
  await note(whole);
  return whole;
}

async function sizeOf(cache: Cache, unit: string, name: string): Promise<number | null> {
  const kept = await cache.match(fileUrl(unit, name));
  return kept ? Number(kept.headers.get("Content-Length")) : null;
}

async function put(cache: Cache, url: string, body: ArrayBuffer, kind: string): Promise<number> {
  const headers = { "Content-Type": kind, "Content-Length": String(body.byteLength) };
  try {
    await cache.put(url, new Response(body, { headers }));
  } catch (error) {
    throw error instanceof DOMException && error.name === "QuotaExceededError" ? new NoRoom() : error;
  }
  return body.byteLength;
}
