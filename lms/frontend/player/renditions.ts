// Quality levels of hls.js in the shape media-chrome's menu reads (`video.videoRenditions`), and after them
// the sound with slides and the sound alone, for lines too thin for any moving picture. The choice is kept
// on this device.
import type Hls from "hls.js";

import { type Costs, bitsOf } from "./data_cost";
import { remember, remembered } from "./remembered";

export interface Rendition {
  id: string;
  width: number;
  height: number;
  bitrate: number;
}

export const SOUND_ID = "sound";
export const SLIDES_ID = "slides";

/** The browser asks for little data (Android's and Chrome's "data saver"). */
const savesData = (): boolean =>
  (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;

export class Renditions extends EventTarget {
  [index: number]: Rendition;
  onSoundOnly: (isSoundOnly: boolean) => void = () => {};
  private items: Rendition[] = [];
  private chosen = -1;
  private hls: Hls | null = null;
  private level = -1;
  /** The browser plays the playlist itself and tells nobody which level. */
  isLeftToBrowser = false;

  constructor(
    readonly hasSound: boolean,
    readonly hasSlides = false,
    readonly costs: Costs = {},
  ) {
    super();
    // Sound can be chosen before a byte of picture was fetched.
    this.list(this.ofSound(0));
    this.choose(remembered("quality"));
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

  /** The stream is the sound alone, with slides beside it or without. */
  get isSoundOnly(): boolean {
    return this.isSlides || this.items[this.chosen]?.id === SOUND_ID;
  }

  get isSlides(): boolean {
    return this.items[this.chosen]?.id === SLIDES_ID;
  }

  /** What is played now; nothing before it is known. */
  get current(): Rendition | undefined {
    return this.isSoundOnly ? this.items[this.chosen] : this.items.find(({ id }) => id === String(this.level));
  }

  /** The picture on the screen is of this level from now on. */
  switched(level: number): void {
    this.level = level;
    this.dispatchEvent(new Event("switch"));
  }

  leaveToBrowser(): void {
    this.isLeftToBrowser = true;
    this.dispatchEvent(new Event("switch"));
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
    this.level = -1;
    this.list(pictures.length ? [...pictures, ...this.ofSound(soundBitrate)] : pictures);
    this.choose(remembered("quality"));
    this.apply();
    this.dispatchEvent(new Event("change"));
  }

  private ofSound(soundBitrate: number): Rendition[] {
    const still = (id: string, bitrate: number): Rendition => ({ id, width: 0, height: 0, bitrate });
    const sound = still(SOUND_ID, soundBitrate || bitsOf(this.costs.audio));
    if (!this.hasSound) return [];
    return this.hasSlides ? [still(SLIDES_ID, bitsOf(this.costs.slides)), sound] : [sound];
  }

  /** Where there are no slides, who chose them gets the next lightest that shows them. */
  private choose(kept: string): void {
    const name = kept === SLIDES_ID && !this.hasSlides ? "slow" : kept;
    this.chosen = this.items.findIndex((_, index) => this.nameOf(index) === name);
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
    return [SOUND_ID, SLIDES_ID].includes(item.id) ? item.id : item.height ? String(item.height) : "slow";
  }

  private apply(): void {
    if (!this.hls || this.isSoundOnly) return;
    this.hls.autoLevelCapping = savesData() ? 0 : -1;
    if (this.chosen >= 0) this.hls.nextLevel = Number(this.items[this.chosen]?.id ?? -1);
    else if (!this.hls.autoLevelEnabled) this.hls.nextLevel = -1;
  }
}
