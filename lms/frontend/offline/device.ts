// Where a pack lies on the device: one cache an account and unit, emptied when its account signs out here.
// Small enough for every page: nothing else is imported.
const PREFIX = "qiangji-pack-";

export const cacheName = (account: string, unit: string): string => `${PREFIX}${account}-${unit}`;

const HOLDER = "qiangji-holder";

/** Whose packs may show here: who signed in last, "" after signing out, null where the device cannot say. */
export function holder(): string | null {
  try {
    return localStorage.getItem(HOLDER);
  } catch {
    return null;
  }
}

function hold(account: string): void {
  try {
    localStorage.setItem(HOLDER, account);
  } catch {
    // Deleting the files, which takes a moment longer, is what remains.
  }
}

export const isHeldBy = (account: string | null, cache: string): boolean =>
  account === null || (account !== "" && cache.startsWith(`${PREFIX}${account}-`));

export async function packCaches(): Promise<string[]> {
  if (!("caches" in globalThis)) return [];
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** Deletes the files of all packs but those of `account`; what was watched stays, to be sent later. */
export async function forgetOthers(account: string): Promise<void> {
  // At once, so that no page shows them while they are being deleted.
  hold(account);
  const others = (await packCaches()).filter((name) => !isHeldBy(account, name));
  await Promise.all(others.map((name) => caches.delete(name)));
}
