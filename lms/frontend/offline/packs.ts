// A pack on this device: what the server said of it, and its files in the cache of its account and unit.
import type { Range } from "../player/intervals";
import { cacheName, holder, isHeldBy, packCaches } from "./device";

export interface Pack {
  key: string;
  client_key: string;
  unit: string;
  account: string;
  title: string;
  course: string;
  lecturer: string;
  unit_url: string;
  form: string;
  bytes: number;
  issued_at: string;
  expires_at: string;
  is_open: boolean;
  prefix: string;
  files: string[];
  index: string;
  poster: string;
  captions: { language: string; label: string; file: string; default: boolean }[];
  duration_seconds: number;
  watched: Range[];
  max_rate: number;
  coverage_share: number;
  /** Every file is here. */
  is_whole?: boolean;
}

export const SCOPE = "/learn/offline/";
export const INDEX = "index.m3u8";
export const NOTE = "pack.json";

/** The address under which the service worker gives a file of a pack. */
export const fileUrl = (unit: string, name: string): string => `${SCOPE}files/${unit}/${name}`;
export const playUrl = (unit: string): string => `${SCOPE}play/?unit=${unit}`;
export const isExpired = (pack: Pack): boolean => Date.parse(pack.expires_at) <= Date.now();

export const openCache = (pack: { account: string; unit: string }): Promise<Cache> =>
  caches.open(cacheName(pack.account, pack.unit));

export async function note(pack: Pack): Promise<void> {
  const body = new Response(JSON.stringify(pack), { headers: { "Content-Type": "application/json" } });
  await (await openCache(pack)).put(fileUrl(pack.unit, NOTE), body);
}

export async function remove(pack: { account: string; unit: string }): Promise<void> {
  await caches.delete(cacheName(pack.account, pack.unit));
}

/** The packs that may be played here, in the order of their expiry; expired ones are deleted on the way. */
export async function packsHere(): Promise<Pack[]> {
  const mine = holder();
  const names = (await packCaches()).filter((name) => isHeldBy(mine, name));
  const found = await Promise.all(names.map(packIn));
  const packs = found.filter((pack) => pack !== null);
  await Promise.all(packs.filter(isExpired).map(remove));
  return packs.filter((pack) => !isExpired(pack)).sort((a, b) => a.expires_at.localeCompare(b.expires_at));
}

async function packIn(name: string): Promise<Pack | null> {
  const cache = await caches.open(name);
  const request = (await cache.keys()).find(({ url }) => url.endsWith(`/${NOTE}`));
  const kept = request && (await cache.match(request));
  return kept ? ((await kept.json()) as Pack) : null;
}
