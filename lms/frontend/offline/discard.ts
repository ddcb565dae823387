import { remove } from "./packs";
import { update } from "./watched";

/** The files go at once; what was watched is sent first, then the pack is given up. */
export async function discard(pack: { account: string; unit: string }): Promise<void> {
  await remove(pack);
  await update(pack, (kept) => (kept ? { ...kept, is_leaving: true } : null));
}
