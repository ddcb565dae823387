// A session ends when nobody does anything for a while. This warns two minutes before, and tells the
// server when somebody is there although the page asks it for nothing: typing, reading on, watching.
const TICK_MS = 5_000;
const TELL_EVERY_MS = 60_000;
const PASSIVE = { Accept: "application/json", "X-Qiangji-Passive": "1" };
const SIGNS_OF_LIFE = ["pointerdown", "keydown", "wheel", "touchstart", "timeupdate", "qj:busy"];

interface SessionState {
  signed_in: boolean;
  seconds_left: number;
}

class IdleWatch {
  private lastActive = Date.now();
  private lastTold = Date.now();
  private endsAt: number;
  private isAsking = false;

  constructor(private readonly box: HTMLDialogElement) {
    this.endsAt = Date.now() + this.limitMs;
  }

  private get limitMs() {
    return Number(this.box.dataset.idleSeconds) * 1000;
  }

  private get warningMs() {
    return Math.min(Number(this.box.dataset.warningSeconds) * 1000, this.limitMs / 2);
  }

  start() {
    for (const sign of SIGNS_OF_LIFE)
      // Media events do not bubble; they are caught on their way down. A lecture that plays is somebody learning.
      document.addEventListener(sign, () => this.noteActivity(), { capture: true, passive: true });
    this.box.querySelector("[data-idle-stay]")?.addEventListener("click", () => void this.stay());
    this.box.addEventListener("cancel", () => void this.stay());
    setInterval(() => void this.tick(), Math.min(TICK_MS, this.warningMs / 4));
  }

  private noteActivity() {
    if (!this.box.open) this.lastActive = Date.now();
  }

  private async tick() {
    const now = Date.now();
    if (this.box.open) return this.count();
    if (this.lastActive > this.lastTold && now - this.lastTold > Math.min(TELL_EVERY_MS, this.limitMs / 4)) return this.stay();
    if (this.endsAt - now <= this.warningMs) await this.ask();
  }

  // Another tab may have been busy: the server knows.
  private async ask() {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      const answer = await fetch(this.box.dataset.stateUrl!, { headers: PASSIVE });
      const state: SessionState = await answer.json();
      this.endsAt = Date.now() + state.seconds_left * 1000;
      if (!state.signed_in) this.leave();
      else if (this.endsAt - Date.now() <= this.warningMs) this.warn();
    } catch {
      // Without a network nobody can be warned; the next click says what happened.
    } finally {
      this.isAsking = false;
    }
  }

  private warn() {
    this.box.showModal();
    void this.count();
  }

  private async count() {
    const left = Math.max(0, Math.round((this.endsAt - Date.now()) / 1000));
    this.box.querySelector("[data-idle-left]")!.textContent = String(left);
    if (left > 0) return;
    this.box.close();
    await this.ask();
  }

  private async stay() {
    this.lastTold = Date.now();
    this.lastActive = this.lastTold;
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.token() });
    try {
      const answer = await fetch(this.box.dataset.stayUrl!, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.redirected || !answer.ok) return this.leave();
      const state: SessionState = await answer.json();
      this.endsAt = Date.now() + state.seconds_left * 1000;
    } catch {
      // Asked again at the next sign of life.
    }
  }

  private token(): string {
    return document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
  }

  // What stood on the screen does not stay there once nobody is signed in.
  private leave() {
    location.assign(`${this.box.dataset.loginUrl}?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
}

export function wireIdle() {
  const box = document.getElementById("idle");
  if (box instanceof HTMLDialogElement) new IdleWatch(box).start();
}
