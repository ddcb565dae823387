// Sends claims to /beats: every 10 to 15 seconds, at every event worth it, one request at a time.
import { type Claim, Claims } from "./claims";
import { type ConfigSource, SignedOut } from "./config";
import { covered } from "./intervals";
import type { ClaimStore } from "./store";

export type BeatState = "live" | "offline" | "elsewhere" | "signed_out";

export interface BeatEvents {
  /** Coverage on record or on this page changed. */
  onProgress(): void;
  onState(state: BeatState): void;
  onDropped(reason: "clock" | "refused", seconds: number): void;
}

const TIMEOUT_MS = 10_000;
const MAX_BACKOFF_SECONDS = 60;
// A fresh token may help; when it does not, nobody is signed in here any more.
const TOKEN_CODES = new Set(["token_expired", "token_invalid", "token_of_another_session", "viewing_unknown"]);
const POSITION_WORTH_SAVING_SECONDS = 3;

interface Answer {
  status: number;
  body: { code?: string; missing?: unknown } | null;
  retryAfter: number;
}

const monotonic = () => performance.now() / 1000;

export class BeatSender {
  state: BeatState = "live";
  private sequence = 0;
  private failures = 0;
  private inFlight: Promise<void> | null = null;
  private isWanted = false;
  private waitSeconds = 0;
  private savedPosition: number;
  private timer = 0;

  constructor(
    private readonly configs: ConfigSource,
    readonly claims: Claims,
    private readonly store: ClaimStore,
    private readonly media: HTMLMediaElement,
    private readonly events: BeatEvents,
  ) {
    this.savedPosition = configs.current.resume_at;
    addEventListener("online", () => {
      this.failures = 0;
      void this.flush();
    });
  }

  /** A preview has no viewing: nothing is sent. */
  private get isCounting(): boolean {
    return this.configs.current.beat_url !== "";
  }

  async restore(): Promise<void> {
    this.claims.restore(await this.store.read().catch(() => []));
    if (covered(this.claims.open) > 0) this.events.onProgress();
    this.plan();
  }

  /** Sends what is open now; callers arriving meanwhile share one following request. */
  flush(): Promise<void> {
    if (this.inFlight) {
      this.isWanted = true;
      return this.inFlight;
    }
    this.inFlight = this.round().finally(() => {
      this.inFlight = null;
      this.plan();
    });
    return this.inFlight;
  }

  /** The page may be gone the next moment: no answer will come, so the device keeps a copy. */
  beacon(): void {
    if (!this.isCounting) return;
    const kept = this.claims.kept;
    if (kept.length) this.store.hold(kept);
    if (this.state !== "live" && this.state !== "offline") return;
    const moved = Math.abs(this.media.currentTime - this.savedPosition) >= POSITION_WORTH_SAVING_SECONDS;
    const nothing: Claim = { ranges: [], rate: 1, gain: 0, sentAt: monotonic() };
    const claim = this.claims.next(monotonic()) ?? (moved ? nothing : null);
    if (claim) navigator.sendBeacon(this.configs.current.beat_url, new Blob([this.body(claim)], { type: "text/plain" }));
  }

  /** The person chose this page again after another one used their time. */
  async resume(): Promise<void> {
    await this.configs.refresh();
    this.claims.restart(monotonic());
    this.become("live");
  }

  /** Next regular beat, if there is anything to wait for. */
  plan(): void {
    clearTimeout(this.timer);
    if (!this.isCounting) return;
    if (this.media.paused && covered(this.claims.open) === 0) return;
    this.timer = window.setTimeout(() => void this.flush(), this.delay() * 1000);
  }

  private delay(): number {
    if (this.waitSeconds) return this.waitSeconds + Math.random();
    if (this.failures) return Math.min(MAX_BACKOFF_SECONDS, 2 ** this.failures) * (0.5 + Math.random());
    return 10 + Math.random() * 5;
  }

  private async round(): Promise<void> {
    do {
      this.isWanted = false;
      if (!this.isCounting || this.state === "elsewhere" || this.state === "signed_out") return;
      const claim = this.claims.next(monotonic());
      if (!claim) return;
      await this.send(claim).catch((error: unknown) => this.failed(error));
    } while (this.isWanted && this.state === "live");
  }

  private async send(claim: Claim): Promise<void> {
    let answer = await this.post(claim);
    if (TOKEN_CODES.has(answer.body?.code ?? "")) {
      await this.configs.refresh();
      answer = await this.post(claim);
    }
    this.failures = 0;
    this.waitSeconds = 0;
    if (answer.status === 200) await this.accept(claim, answer.body);
    else this.refuse(claim, answer);
  }

  private async accept(claim: Claim, body: Answer["body"]): Promise<void> {
    this.claims.accepted(claim, body);
    this.become("live");
    this.events.onProgress();
    await this.store.remove(this.claims.confirmed).catch(() => {});
  }

  private refuse(claim: Claim, { status, body, retryAfter }: Answer): void {
    if (body?.code === "clock_exceeded") {
      this.waitSeconds = Math.min(retryAfter, MAX_BACKOFF_SECONDS);
      if (this.claims.refusedByClock(claim)) this.lost(claim, "clock");
    } else if (body?.code === "another_video") {
      this.lost(claim, "clock", false);
      this.become("elsewhere");
    } else if (status === 401 || status === 403 || body?.code === "viewing_unknown") {
      void this.keep();
      this.become("signed_out");
    } else if (status >= 500 || status === 429 || status === 408) {
      throw new Error(`beat answered ${status}`);
    } else {
      this.lost(claim, "refused");
    }
  }

  private lost(claim: Claim, reason: "clock" | "refused", isTold = true): void {
    this.claims.drop(claim);
    void this.store.remove(claim.ranges).catch(() => {});
    if (isTold) this.events.onDropped(reason, claim.gain);
    this.events.onProgress();
  }

  private failed(error: unknown): void {
    void this.keep();
    this.failures += 1;
    this.become(error instanceof SignedOut ? "signed_out" : "offline");
  }

  private keep(): Promise<void> {
    const kept = this.claims.kept;
    return kept.length ? this.store.add(kept).catch(() => {}) : Promise.resolve();
  }

  private become(state: BeatState): void {
    if (state === this.state) return;
    this.state = state;
    this.events.onState(state);
  }

  private body(claim: Claim): string {
    this.sequence += 1;
    this.savedPosition = this.media.currentTime;
    return JSON.stringify({
      token: this.configs.current.token,
      seq: this.sequence,
      ranges: claim.ranges,
      position: Math.min(this.media.currentTime, this.configs.current.duration_seconds),
      rate: claim.rate,
    });
  }

  private async post(claim: Claim): Promise<Answer> {
    const answer = await fetch(this.configs.current.beat_url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: this.body(claim),
      keepalive: true,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const retryAfter = Number(answer.headers.get("Retry-After")) || 0;
    return { status: answer.status, body: await answer.json().catch(() => null), retryAfter };
  }
}
