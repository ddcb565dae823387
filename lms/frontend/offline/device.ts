// Where a pack lies on the device: one cache an account and unit, emptied when its account signs out here.
// Small enough for every page: nothing else is imported.
const PREFIX = "qiangji-pack-";

export const cacheName = (account: string, unit: string): string => `${PREFIX}${account}-${unit}`;

export async function packCaches(): Promise<string[]> {
  if (!("caches" in globalThis)) return [];
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** Deletes the files of all packs but those of `account`; what was watched stays, to be sent later. */
export async function forgetOthers(account: string): Promise<void> {
  const others = (await packCaches()).filter((name) => !account || !name.startsWith(`${PREFIX}${account}-`));
  await Promise.all(others.map((name) => caches.delete(name)));
}
