// How the ways to watch are called, in the menu and under the player.
import { type Rendition, SLIDES_ID, SOUND_ID } from "./renditions";
import { words } from "./strings";

export function nameOf({ id, width, height }: Partial<Rendition>): string {
  if (id === SLIDES_ID) return words().soundAndSlides;
  if (id === SOUND_ID) return words().soundOnly;
  // The rendition for thin lines names no size (ADR 0024).
  return height ? `${Math.min(width || height, height)}p` : words().thinLine;
}
