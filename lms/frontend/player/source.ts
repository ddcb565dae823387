// Loads the stream, and the loader with it, when somebody plays: the page itself stays light.
// Safari on a phone plays the playlist itself.
import type Hls from "hls.js";
import type { ErrorData, RetryConfig } from "hls.js";

import { type ConfigSource, type PlayerConfig, SignedOut } from "./config";
import type { Renditions } from "./renditions";

export interface SourceEvents {
  /** A request failed and is being repeated. */
  onSlow(): void;
  onFatal(reason: "network" | "decode"): void;
  onSignedOut(): void;
  /** The stream is about to be taken away and loaded again: note what was played of it. */
  onReload(): void;
}

const EXPIRED = new Set([401, 403, 410]);
const MAX_RETRIES = 8;
const MAX_PLAYLIST_RETRIES = 3; // nothing plays yet: say so soon and offer the button
const MAX_RECOVERIES = 4;
const FIRST_WAIT_MS = 1000; // then twice as long each time
// Enough for a bad minute, without fetching a lecture nobody goes on watching.
const BUFFER_SECONDS = 60;
const SLOW_START_BITS = 200_000;

const loader = () => import("hls.js").then((module) => module.default);

/** The folder of a playlist: the signed prefix every segment address inherits. */
const folder = (url: string) => new URL(".", new URL(url, location.href)).href;
const build = (url: string) => folder(url).split("/").at(-2);

export class StreamSource {
  private hls: Hls | null = null;
  private loadedFrom: PlayerConfig;
  private recoveries = 0;
  private begun: Promise<void> | null = null;
  private hasLoader = true;
  private isSoundOnly: boolean;
  private soundBitrate = 0;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly configs: ConfigSource,
    private readonly renditions: Renditions,
    private readonly events: SourceEvents,
  ) {
    this.loadedFrom = configs.current;
    this.isSoundOnly = renditions.isSoundOnly;
    configs.onChange((config) => {
      // Same files under a new prefix: addresses are rewritten on the way out and nothing is reloaded.
      if (this.begun && build(config.manifest_url) !== build(this.loadedFrom.manifest_url)) void this.reload();
    });
    addEventListener("online", () => this.hls?.startLoad());
    video.addEventListener("play", () => void this.begin());
    video.addEventListener("playing", () => (this.recoveries = 0));
    renditions.onSoundOnly = (isSoundOnly) => {
      this.isSoundOnly = isSoundOnly;
      if (this.begun) void this.reload();
    };
  }

  /** Someone is about to play: the loader may already come, nothing of the stream does. */
  warm(): void {
    if (!this.begun) void loader().catch(() => {});
  }

  /** From where the video stands, as soon as it is asked to play or moved; later calls do nothing. */
  begin(): Promise<void> {
    this.begun ??= this.load();
    return this.begun;
  }

  private async load(at?: number): Promise<void> {
    this.loadedFrom = this.configs.current;
    const HlsPlayer = await loader().catch(() => null);
    this.hasLoader = HlsPlayer !== null;
    // It may have been moved while the loader was coming.
    const edge = this.configs.current.is_live && this.video.currentTime === 0 ? -1 : undefined;
    const from = at ?? edge ?? this.video.currentTime;
    if (!HlsPlayer) this.giveUp();
    else if (HlsPlayer.isSupported()) this.loadWith(HlsPlayer, from);
    else if (this.video.canPlayType("application/vnd.apple.mpegurl")) this.loadNative(from);
    else this.events.onFatal("decode");
    if (!this.video.paused) void this.video.play().catch(() => {});
  }

  private giveUp(): void {
    this.begun = null;
    this.video.pause();
    this.events.onFatal("network");
  }

  /** From the same second, with a fresh address. */
  async reload(): Promise<void> {
    this.events.onReload();
    const { currentTime, paused } = this.video;
    this.hls?.destroy();
    this.hls = null;
    this.begun = this.load(currentTime);
    await this.begun;
    if (!paused) await this.video.play().catch(() => {});
  }

  async retry(): Promise<void> {
    this.recoveries = 0;
    // A browser may remember that a script did not come; only a new page asks again.
    if (!this.hasLoader) location.reload();
    else if (await this.renew()) await this.reload();
  }

  private loadWith(HlsPlayer: typeof Hls, at: number): void {
    const hls = new HlsPlayer({
      startPosition: at,
      startLevel: 0,
      abrEwmaDefaultEstimate: SLOW_START_BITS,
      // Village lines sag: use less of what was measured, and go up only with much to spare.
      abrBandWidthFactor: 0.8,
      abrBandWidthUpFactor: 0.5,
      capLevelToPlayerSize: true,
      maxBufferLength: BUFFER_SECONDS,
      maxMaxBufferLength: BUFFER_SECONDS,
      backBufferLength: BUFFER_SECONDS,
      // The policy for workers allows them, but fMP4 needs no remuxing worth one.
      enableWorker: false,
      xhrSetup: (xhr, url) => xhr.open("GET", this.current(url), true),
    });
    const { fragLoadPolicy, playlistLoadPolicy, manifestLoadPolicy } = hls.config;
    for (const policy of [fragLoadPolicy, playlistLoadPolicy, manifestLoadPolicy]) {
      const most = policy === fragLoadPolicy ? MAX_RETRIES : MAX_PLAYLIST_RETRIES;
      const retry = this.retryConfig(most);
      policy.default = { ...policy.default, errorRetry: retry, timeoutRetry: retry };
    }
    // Once there are pictures hls.js drops the level without them, and with it what the sound costs.
    hls.on(HlsPlayer.Events.MANIFEST_LOADED, (_event, { levels }) => {
      const sound = levels.find(({ videoCodec }) => !videoCodec);
      this.soundBitrate = Number(sound?.attrs["AVERAGE-BANDWIDTH"] ?? sound?.bitrate ?? 0);
    });
    hls.on(HlsPlayer.Events.MANIFEST_PARSED, () => this.renditions.fill(hls, this.soundBitrate));
    hls.on(HlsPlayer.Events.LEVEL_SWITCHED, (_event, { level }) => this.renditions.switched(level));
    hls.on(HlsPlayer.Events.ERROR, (_event, data) => this.recover(HlsPlayer, hls, data));
    hls.loadSource(this.address);
    hls.attachMedia(this.video);
    this.hls = hls;
  }

  private loadNative(at: number): void {
    this.renditions.leaveToBrowser();
    this.video.src = this.address;
    this.video.addEventListener("loadedmetadata", () => (this.video.currentTime = at), { once: true });
    this.video.addEventListener("error", () => void this.recoverNative(), { once: true });
  }

  private get address(): string {
    const { manifest_url, audio_url } = this.configs.current;
    return this.isSoundOnly && audio_url ? audio_url : manifest_url;
  }

  private retryConfig(most: number): RetryConfig {
    return {
      maxNumRetry: most,
      retryDelayMs: 1000,
      maxRetryDelayMs: 8000,
      shouldRetry: (_config, count, isTimeout, response) =>
        this.shouldRetry(count, most, isTimeout, response?.code),
    };
  }

  private shouldRetry(count: number, most: number, isTimeout: boolean, status?: number): boolean {
    const isExpired = status !== undefined && EXPIRED.has(status);
    if (isExpired && count % 3 === 0) void this.renew();
    if (!isExpired && count > 0) this.events.onSlow();
    return count < most && (isExpired || isTimeout || !status || status >= 500);
  }

  private current(url: string): string {
    const old = folder(this.loadedFrom.manifest_url);
    return url.startsWith(old) ? folder(this.configs.current.manifest_url) + url.slice(old.length) : url;
  }

  private async renew(): Promise<boolean> {
    try {
      await this.configs.refresh();
      return true;
    } catch (error) {
      if (error instanceof SignedOut) this.events.onSignedOut();
      else this.events.onFatal("network");
      return false;
    }
  }

  private recover(HlsPlayer: typeof Hls, hls: Hls, data: ErrorData): void {
    if (!data.fatal) return;
    this.recoveries += 1;
    if (this.recoveries > MAX_RECOVERIES) {
      this.events.onFatal(data.type === HlsPlayer.ErrorTypes.NETWORK_ERROR ? "network" : "decode");
    } else if (data.type === HlsPlayer.ErrorTypes.MEDIA_ERROR) {
      hls.recoverMediaError();
    } else if (data.type === HlsPlayer.ErrorTypes.NETWORK_ERROR && hls.levels.length) {
      this.events.onSlow();
      setTimeout(() => this.hls === hls && hls.startLoad(), FIRST_WAIT_MS * 2 ** (this.recoveries - 1));
    } else {
      this.events.onFatal("network");
    }
  }

  private async recoverNative(): Promise<void> {
    this.recoveries += 1;
    if (this.recoveries > MAX_RECOVERIES) this.events.onFatal("network");
    else if (await this.renew()) await this.reload();
  }
}
