// Quality levels of hls.js in the shape media-chrome's menu reads (`video.videoRenditions`).
import type Hls from "hls.js";

interface Rendition {
  id: string;
  width: number;
  height: number;
  bitrate: number;
}

export class Renditions extends EventTarget {
  [index: number]: Rendition;
  private items: Rendition[] = [];
  private chosen = -1;
  private hls: Hls | null = null;

  get length(): number {
    return this.items.length;
  }

  get selectedIndex(): number {
    return this.chosen;
  }

  /** -1 lets the player choose; otherwise the next segment comes at this level. */
  set selectedIndex(index: number) {
    this.chosen = index;
    if (this.hls) this.hls.nextLevel = index < 0 ? -1 : Number(this.items[index]?.id ?? -1);
    this.dispatchEvent(new Event("change"));
  }

  [Symbol.iterator](): Iterator<Rendition> {
    return this.items[Symbol.iterator]();
  }

  fill(hls: Hls): void {
    this.hls = hls;
    this.items = hls.levels
      .map(({ width, height, bitrate }, index) => ({ id: String(index), width, height, bitrate }))
      .filter((rendition) => rendition.height > 0);
    this.items.forEach((rendition, index) => (this[index] = rendition));
    this.dispatchEvent(new Event("addrendition"));
  }
}
