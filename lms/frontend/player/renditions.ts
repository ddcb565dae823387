// Quality levels of hls.js in the shape media-chrome's menu reads (`video.videoRenditions`), and after them
// the sound alone, for lines too thin for any picture.
import type Hls from "hls.js";

interface Rendition {
  id: string;
  width: number;
  height: number;
  bitrate: number;
}

const SOUND: Rendition = { id: "sound", width: 0, height: 0, bitrate: 0 };

export class Renditions extends EventTarget {
  [index: number]: Rendition;
  onSoundOnly: (isSoundOnly: boolean) => void = () => {};
  private items: Rendition[] = [];
  private chosen = -1;
  private hls: Hls | null = null;

  constructor(private readonly hasSound: boolean) {
    super();
  }

  get length(): number {
    return this.items.length;
  }

  get selectedIndex(): number {
    return this.chosen;
  }

  /** -1 lets the player choose; otherwise the next segment comes at this level. */
  set selectedIndex(index: number) {
    const wasSoundOnly = this.isSoundOnly;
    this.chosen = index;
    if (this.isSoundOnly !== wasSoundOnly) this.onSoundOnly(this.isSoundOnly);
    else this.apply();
    this.dispatchEvent(new Event("change"));
  }

  get isSoundOnly(): boolean {
    return this.items[this.chosen] === SOUND;
  }

  [Symbol.iterator](): Iterator<Rendition> {
    return this.items[Symbol.iterator]();
  }

  fill(hls: Hls): void {
    this.hls = hls;
    if (this.isSoundOnly) return; // its playlist knows no other level; the menu keeps what there was
    this.items = hls.levels
      .map(({ width, height, bitrate }, index) => ({ id: String(index), width, height, bitrate }))
      .filter((rendition) => rendition.height > 0);
    if (this.hasSound && this.items.length) this.items.push(SOUND);
    this.items.forEach((rendition, index) => (this[index] = rendition));
    this.apply();
    this.dispatchEvent(new Event("addrendition"));
  }

  private apply(): void {
    if (this.hls && this.chosen >= 0) this.hls.nextLevel = Number(this.items[this.chosen]?.id ?? -1);
    else if (this.hls?.autoLevelEnabled === false) this.hls.nextLevel = -1;
  }
}
