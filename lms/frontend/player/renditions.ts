// Quality levels of hls.js in the shape media-chrome's menu reads (`video.videoRenditions`), and after them
// the sound alone, for lines too thin for any picture. The choice is kept on this device.
import type Hls from "hls.js";

import { remember, remembered } from "./remembered";

interface Rendition {
  id: string;
  width: number;
  height: number;
  bitrate: number;
}

export const SOUND_ID = "sound";

/** The browser asks for little data (Android's and Chrome's "data saver"). */
const savesData = (): boolean =>
  (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

export class Renditions extends EventTarget {
  [index: number]: Rendition;
  onSoundOnly: (isSoundOnly: boolean) => void = () => {};
  private items: Rendition[] = [];
  private chosen = -1;
  private hls: Hls | null = null;

  constructor(readonly hasSound: boolean) {
    super();
    // Sound alone can be chosen before a byte of picture was fetched.
    if (!hasSound) return;
    this.list([this.sound(0)]);
    if (remembered("quality") === SOUND_ID) this.chosen = 0;
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
    remember("quality", this.nameOf(index));
    if (this.isSoundOnly !== wasSoundOnly) this.onSoundOnly(this.isSoundOnly);
    else this.apply();
    this.dispatchEvent(new Event("change"));
  }

  get isSoundOnly(): boolean {
    return this.items[this.chosen]?.id === SOUND_ID;
  }

  [Symbol.iterator](): Iterator<Rendition> {
    return this.items[Symbol.iterator]();
  }

  /** From the line's message when pictures do not come through. */
  chooseSound(): void {
    const index = this.items.findIndex(({ id }) => id === SOUND_ID);
    if (index >= 0) this.selectedIndex = index;
  }

  /** `soundBitrate`: of the sound as the playlist states it, 0 when it does not. */
  fill(hls: Hls, soundBitrate = 0): void {
    this.hls = hls;
    if (this.isSoundOnly && this.items.length > 1) return; // its playlist knows no other level
    const wasSoundOnly = this.isSoundOnly;
    const pictures = hls.levels
      .map(({ width, height, averageBitrate }, index) => ({ id: String(index), width, height, bitrate: averageBitrate }))
      .filter((_, index) => hls.levels[index]?.videoCodec);
    if (wasSoundOnly && !pictures.length) return;
    this.list(this.hasSound && pictures.length ? [...pictures, this.sound(soundBitrate)] : pictures);
    const kept = remembered("quality");
    this.chosen = this.items.findIndex((_, index) => this.nameOf(index) === kept);
    this.apply();
    this.dispatchEvent(new Event("change"));
  }

  private sound(bitrate: number): Rendition {
    return { id: SOUND_ID, width: 0, height: 0, bitrate };
  }

  private list(items: Rendition[]): void {
    this.items = items;
    items.forEach((rendition, index) => (this[index] = rendition));
    this.dispatchEvent(new Event("addrendition"));
  }

  /** Heights outlive a new transcoding; numbers of levels do not. */
  private nameOf(index: number): string {
    const item = this.items[index];
    if (!item) return "auto";
    // The rendition for thin lines names no size (ADR 0024).
    return item.id === SOUND_ID ? SOUND_ID : item.height ? String(item.height) : "slow";
  }

  private apply(): void {
    if (!this.hls || this.isSoundOnly) return;
    this.hls.autoLevelCapping = savesData() ? 0 : -1;
    if (this.chosen >= 0) this.hls.nextLevel = Number(this.items[this.chosen]?.id ?? -1);
    else if (!this.hls.autoLevelEnabled) this.hls.nextLevel = -1;
  }
}
