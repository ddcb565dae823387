// One file on its way to the server. Whatever happens to the line, it asks how much has arrived and
// goes on from there; slices grow with the line's speed, so that a cut costs seconds.
import { ask, type Reply } from "./requests";
import { base64, digestOf } from "./sha256";
import { words } from "./words";

const SMALLEST = 256 * 1024;
const LARGEST = 8 * 1024 ** 2;
const SLICE_SECONDS = 8;
const LONGEST_WAIT_MS = 30_000;
const SPEED_MS = 8_000;
const POLL_MS = 1_000;
const ODDITIES = 5;

export type Phase = "waiting" | "sending" | "paused" | "offline" | "checking" | "kept" | "failed";

class Stopped extends Error {}
class Refused extends Error {}

export class Transfer {
  phase: Phase = "waiting";
  sent = 0;
  said = "";
  url = "";
  private stopper = new AbortController();
  private slice = 1024 ** 2;
  private failures = 0;
  private digest: Promise<Uint8Array> | null = null;
  private marks: [number, number][] = [];

  constructor(readonly file: File, public address: string, private readonly facts: () => Record<string, string>, private readonly changed: () => void) {}

  /** Bytes a second of the last seconds, 0 while unknown. */
  get speed(): number {
    const [first, last] = [this.marks[0], this.marks[this.marks.length - 1]];
    return first && last && last[0] > first[0] ? (1000 * (last[1] - first[1])) / (last[0] - first[0]) : 0;
  }

  async run(createAt: string): Promise<void> {
    this.stopper = new AbortController();
    this.show("sending", words.sending);
    try {
      this.address ||= await this.create(createAt);
      await this.sendAll();
      await this.follow();
    } catch (error) {
      if (error instanceof Stopped) this.show("paused", words.paused);
      else if (error instanceof Refused) this.show("failed", error.message);
      else this.show("failed", words.unreadable);
    }
  }

  pause() {
    this.stopper.abort();
  }

  private show(phase: Phase, said: string) {
    if (phase !== "sending") this.marks = [];
    [this.phase, this.said] = [phase, said];
    this.changed();
  }

  private async create(address: string): Promise<string> {
    const facts = Object.entries(this.facts()).map(([name, value]) => `${name} ${base64(new TextEncoder().encode(value))}`);
    const headers = { "Upload-Length": String(this.file.size), "Upload-Metadata": facts.join(",") };
    return (await this.insist(() => ask("POST", address, { headers, signal: this.stopper.signal }))).header("Location");
  }

  private async sendAll() {
    let offset = await this.arrived();
    let oddities = 0;
    while (offset < this.file.size) {
      const began = Date.now();
      const reply = await this.sendSlice(offset);
      if (reply.status === 204) {
        offset = Number(reply.header("Upload-Offset"));
        this.failures = oddities = 0;
        this.slice = fitting(this.slice, (Date.now() - began) / 1000);
        if (this.phase === "offline") this.show("sending", words.sending);
        continue;
      }
      this.slice = Math.max(SMALLEST, this.slice / 2);
      if (isTrouble(reply)) await this.sit(reply);
      else if (![409, 460].includes(reply.status) || ++oddities > ODDITIES) throw new Refused(sentence(reply));
      offset = await this.arrived();
    }
    this.mark(offset);
  }

  private async sendSlice(offset: number): Promise<Reply> {
    const end = Math.min(offset + this.slice, this.file.size);
    const body = this.file.slice(offset, end);
    const headers: Record<string, string> = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    if (globalThis.crypto?.subtle) headers["Upload-Checksum"] = `sha256 ${base64(new Uint8Array(await crypto.subtle.digest("SHA-256", await body.arrayBuffer())))}`;
    if (end === this.file.size) headers["Repr-Digest"] = `sha-256=:${base64(await this.wholeDigest())}:`;
    return ask("PATCH", this.address, { headers, body, signal: this.stopper.signal, onProgress: (bytes) => this.mark(offset + bytes) });
  }

  private wholeDigest(): Promise<Uint8Array> {
    this.digest ??= digestOf(this.file);
    this.digest.catch(() => { this.digest = null; });
    return this.digest;
  }

  private mark(sent: number) {
    const now = Date.now();
    this.sent = Math.min(sent, this.file.size);
    this.marks = [...this.marks.filter(([at]) => now - at < SPEED_MS), [now, this.sent]];
    document.dispatchEvent(new Event("qj:busy")); // a long upload is not idling
    if (this.sent === this.file.size) this.said = words.comparing;
    this.changed();
  }

  private async arrived(): Promise<number> {
    const reply = await this.insist(() => ask("HEAD", this.address, { signal: this.stopper.signal }));
    const offset = Number(reply.header("Upload-Offset"));
    this.sent = offset;
    if (offset < this.file.size) void this.wholeDigest();
    return offset;
  }

  private async follow() {
    this.sent = this.file.size;
    this.show("checking", words.checking);
    for (;;) {
      const { body } = await this.insist(() => ask("GET", this.address, { headers: { "X-Qiangji-Passive": "1" } }));
      if (body.state === "refused") throw new Refused(body.message);
      if (body.state === "kept") {
        this.url = body.url ?? "";
        return this.show("kept", body.message || words.kept);
      }
      if (body.message && body.message !== this.said) this.show("checking", body.message);
      await pause(POLL_MS);
    }
  }

  /** Until the server answers; what it refuses is an error with its sentence. */
  private async insist(request: () => Promise<Reply>): Promise<Reply> {
    for (;;) {
      const reply = await request();
      if (this.stopper.signal.aborted) throw new Stopped();
      if (reply.status >= 200 && reply.status < 300) return reply;
      if (!isTrouble(reply)) throw new Refused(sentence(reply));
      await this.sit(reply);
    }
  }

  /** A while longer each time; the line's return ends the wait. */
  private async sit(reply: Reply) {
    if (this.stopper.signal.aborted) throw new Stopped();
    this.show("offline", reply.body.message ?? words.offline);
    await pause(Math.min(1000 * 2 ** this.failures++, LONGEST_WAIT_MS), this.stopper.signal);
    if (this.stopper.signal.aborted) throw new Stopped();
  }
}

const isTrouble = ({ status }: Reply) => status === 0 || status === 408 || status === 429 || status >= 500;

function sentence(reply: Reply): string {
  return reply.status === 403 ? words.signedOut : (reply.body.message ?? words.failed);
}

/** The slice that would take SLICE_SECONDS, at most twice the last one. */
function fitting(slice: number, seconds: number): number {
  return Math.round(Math.min(LARGEST, 2 * slice, Math.max(SMALLEST, (slice * SLICE_SECONDS) / Math.max(seconds, 0.05))));
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end);
    signal?.addEventListener("abort", end);
  });
}
