// The study page's control: choose a form, download, and what is on the device.
import { csrfToken } from "../player/config";
import { discard } from "./discard";
import { NoRoom, download } from "./download";
import { SCOPE, type Pack, isExpired, note, packsHere, playUrl } from "./packs";
import { type Account, SignedOut, giveUp, post, returnAll, whoAmI } from "./returning";
import { sure } from "./sure";
import { day, size, words } from "./strings";
import { read, started, update } from "./watched";

interface Facts {
  unit: string;
  video: string;
  account: string;
  issue_url: string;
  forms: { name: string; bytes: number }[];
}

class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

type Panel = "idle" | "choose" | "loading" | "stored";

class Control {
  private stopping: AbortController | null = null;
  private pack: Pack | null = null;
  private readonly template: HTMLTemplateElement;

  constructor(
    private readonly root: HTMLElement,
    private readonly facts: Facts,
  ) {
    this.template = this.part("template") as HTMLTemplateElement;
    this.on("open", () => this.choose());
    this.on("close", () => this.show("idle"));
    this.on("begin", () => void this.begin());
    this.on("cancel", () => this.stopping?.abort());
    this.on("resume", () => void this.load());
    sure(this.part("delete"), () => void this.delete());
    this.on("release", () => void this.release());
  }

  async start(): Promise<void> {
    this.list();
    const here = (await packsHere()).find((pack) => pack.unit === this.facts.unit && pack.account === this.facts.account);
    this.pack = here ?? null;
    this.show(this.pack ? "stored" : "idle");
    this.root.hidden = false;
    await this.report();
  }

  private async report(): Promise<void> {
    const outcomes = await returnAll().catch(() => []);
    const mine = outcomes.find(({ unit }) => unit === this.facts.unit);
    if (mine) this.say(mine.message, !mine.isTaken);
  }

  private choose(): void {
    this.say("");
    this.show("choose");
    this.root.querySelector<HTMLInputElement>("input:checked")?.focus();
  }

  private async begin(): Promise<void> {
    this.show("loading");
    this.progress(0, 1);
    try {
      const form = this.root.querySelector<HTMLInputElement>("input[name=offline-form]:checked")?.value ?? "";
      this.pack = await this.issue(form);
    } catch (error) {
      this.failed(error);
      return;
    }
    await this.load();
  }

  private async issue(form: string): Promise<Pack> {
    const kept = await read(this.facts);
    const ask = (key: string) => post(this.facts.issue_url, { client_key: key, form }, csrfToken());
    let pack = await answered(await ask(kept && !kept.is_leaving ? kept.client_key : crypto.randomUUID()));
    if (!pack.is_open || isExpired(pack)) pack = await answered(await ask(crypto.randomUUID()));
    await update(pack, (now) => (now && now.key === pack.key ? now : started(pack)));
    return pack;
  }

  private async load(): Promise<void> {
    const pack = this.pack;
    if (!pack) return;
    this.say("");
    this.show("loading");
    this.part("cancel").focus();
    this.stopping = new AbortController();
    try {
      await ready();
      this.pack = await download(pack, {
        signal: this.stopping.signal,
        onProgress: (bytes) => this.progress(bytes, pack.bytes),
        renew: async () => {
          const fresh = await this.issue(pack.form);
          await note(fresh);
          return fresh;
        },
      });
      this.show("stored");
      this.part("stored-line").focus();
    } catch (error) {
      this.pack = (await packsHere()).find(({ unit }) => unit === pack.unit) ?? null;
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    this.show(this.pack ? "stored" : "choose");
    if (error instanceof DOMException && error.name === "AbortError") this.say(words().cancelled);
    else if (error instanceof NoRoom) this.say(words().noRoom, true);
    else if (error instanceof SignedOut) this.say(words().signedOut, true);
    else if (error instanceof Refusal) this.say(error.message, true, error.code === "pack_open");
    else this.say(error instanceof NoWorker ? words().noWorker : words().broken, true);
  }

  /** The pack open elsewhere is given up: another device was lost, or its browser emptied. */
  private async release(): Promise<void> {
    this.part("release").hidden = true;
    const me: Account = await whoAmI();
    const held = me.packs.find(({ video_key }) => video_key === this.facts.video);
    if (held) await giveUp(held.key, me.csrf);
    await update(this.facts, () => null);
    this.say("");
    await this.begin();
  }

  private async delete(): Promise<void> {
    await discard(this.facts);
    this.pack = null;
    this.show("idle");
    this.part("open").focus();
    this.say(words().deleted);
    await this.report();
  }

  private list(): void {
    const list = this.part("forms");
    this.facts.forms.forEach(({ name, bytes }, index) => {
      const row = this.template.content.cloneNode(true) as DocumentFragment;
      const input = row.querySelector("input") as HTMLInputElement;
      input.value = name;
      input.checked = index === 0;
      (row.querySelector("[data-name]") as HTMLElement).textContent = words().sizeAndForm(words().form(name), size(bytes));
      (row.querySelector("[data-about]") as HTMLElement).textContent = words().about(name);
      list.append(row);
    });
  }

  private show(panel: Panel): void {
    for (const box of this.root.querySelectorAll<HTMLElement>("[data-panel]")) box.hidden = box.dataset.panel !== panel;
    if (panel !== "stored" || !this.pack) return;
    const { is_whole, bytes, expires_at, unit } = this.pack;
    this.part("stored-line").textContent = is_whole ? words().stored(size(bytes), day(expires_at)) : words().half;
    this.part("resume").hidden = Boolean(is_whole);
    const link = this.part("play") as HTMLAnchorElement;
    link.hidden = !is_whole;
    link.href = playUrl(unit);
  }

  private progress(done: number, all: number): void {
    const percent = Math.min(99, Math.floor((done / all) * 100));
    this.part("bar").setAttribute("width", `${percent}%`);
    this.part("bar-box").setAttribute("aria-valuenow", String(percent));
    this.part("percent").textContent = words().percent(percent, size(done), size(all));
  }

  private say(text: string, isBad = false, canRelease = false): void {
    const box = this.part("said");
    box.hidden = !text;
    box.classList.toggle("banner-warn", isBad);
    this.part("said-text").textContent = text;
    this.part("release").hidden = !canRelease;
  }

  private on(name: string, act: () => void): void {
    this.part(name).addEventListener("click", act);
  }

  private part(name: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(`[data-offline-${name}]`)!;
  }
}

class NoWorker extends Error {}

async function answered(answer: Response): Promise<Pack> {
  const body = await answer.json().catch(() => null);
  if (answer.status === 401 || answer.redirected) throw new SignedOut();
  if (!answer.ok) throw new Refusal(body?.code ?? "", body?.message ?? words().packGone);
  return body as Pack;
}

/** The worker is here before the first file is: without it nothing would open offline. */
async function ready(): Promise<void> {
  try {
    const { installing, waiting, active } = await navigator.serviceWorker.register(`${SCOPE}worker.js`, { scope: SCOPE });
    const coming = installing ?? waiting;
    if (!active && coming) await activated(coming);
  } catch {
    throw navigator.onLine ? new NoWorker() : new TypeError("no network");
  }
  void navigator.storage?.persist?.();
}

const activated = (worker: ServiceWorker): Promise<void> =>
  new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new NoWorker());
    };
    worker.addEventListener("statechange", look);
    look();
  });

const root = document.querySelector<HTMLElement>("[data-offline]");
const facts = document.getElementById("offline-facts")?.textContent;
if (root && facts && "serviceWorker" in navigator && "caches" in window && "indexedDB" in window) {
  void new Control(root, JSON.parse(facts) as Facts).start();
}
