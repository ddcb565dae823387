// What the server says about this viewing, and how to ask again when a token has run out.
import { type Range, readRanges } from "./intervals";

export interface Caption {
  language: string;
  label: string;
  url: string;
  default: boolean;
}

export interface Chapter {
  start_seconds: number;
  title: string;
}

export interface PlayerConfig {
  /** Stable name of this person's viewing of this video; without it nothing is kept across reloads. */
  viewing?: string | number;
  beat_url: string;
  token: string;
  manifest_url: string;
  poster_url: string;
  thumbnails_url: string;
  /** Playlist of the sound alone; empty when the video is silent. */
  audio_url?: string;
  /** WebVTT whose cues name the slide to show, relative to it; empty when there are none. */
  slides_url?: string;
  slides_bytes?: number;
  /** Megabytes an hour by rendition: `slow`, `360p`, … `audio`, and `slides` with their sound. */
  data_per_hour?: Record<string, number>;
  captions: Caption[];
  /** In order; none where nobody has divided the lecture. */
  chapters?: Chapter[];
  lecturer?: string;
  course?: string;
  duration_seconds: number;
  watched: Range[];
  resume_at: number;
  max_rate: number;
  coverage_share: number;
  settle_url: string;
  refresh_url: string;
  title: string;
  record_url: string;
  is_settled?: boolean;
  /** The lecture is being spoken: who comes in later begins at the live edge. */
  is_live?: boolean;
  /** What of `watched` was watched while it was spoken. */
  watched_live?: Range[];
}

export class SignedOut extends Error {}

export function readConfig(): PlayerConfig | null {
  const element = document.getElementById("player-config");
  return element?.textContent ? tidy(JSON.parse(element.textContent) as PlayerConfig) : null;
}

const tidy = (raw: PlayerConfig): PlayerConfig => ({ ...raw, watched: readRanges(raw.watched) });

export function neededSeconds(config: PlayerConfig): number {
  // 0.9 is not exact in binary: 1680 × 0.9 must stay 1512.
  return Math.ceil(config.duration_seconds * config.coverage_share - 1e-6);
}

export class ConfigSource {
  private asking: Promise<PlayerConfig> | null = null;
  private readonly listeners: ((config: PlayerConfig) => void)[] = [];

  constructor(public current: PlayerConfig) {}

  onChange(listener: (config: PlayerConfig) => void): void {
    this.listeners.push(listener);
  }

  /** Asks once however many parts of the player notice at the same time. Throws SignedOut. */
  refresh(): Promise<PlayerConfig> {
    this.asking ??= this.fetchConfig().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async fetchConfig(): Promise<PlayerConfig> {
    const answer = await fetch(this.current.refresh_url, {
      headers: { Accept: "application/json" },
      cache: "no-store",
      signal: AbortSignal.timeout(15_000),
    });
    const isJson = answer.headers.get("Content-Type")?.includes("json");
    if (answer.status === 401 || answer.status === 403 || (answer.ok && !isJson)) throw new SignedOut();
    if (!answer.ok) throw new Error(`refresh answered ${answer.status}`);
    this.current = tidy((await answer.json()) as PlayerConfig);
    for (const listener of this.listeners) listener(this.current);
    return this.current;
  }
}

export function csrfToken(): string {
  const field = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
  const cookie = document.cookie.split("; ").find((part) => /csrftoken=/.test(part));
  return field?.value ?? cookie?.split("=")[1] ?? "";
}
