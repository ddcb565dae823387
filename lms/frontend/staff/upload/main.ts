// The upload page: several files, each by itself, two at a time; those of another day go on. Without
// this script the form posts one file as any form does. The page of another source works the same way.
import { Row, fingerprint } from "./row";
import { size, words } from "./words";

const AT_ONCE = 2;

class UploadPage {
  private readonly rows: Row[] = [];
  private readonly queue: Row[] = [];
  private running = 0;
  private awaited: Row | null = null;
  private readonly list: HTMLElement;
  private readonly picker: HTMLInputElement;
  private readonly start: HTMLButtonElement;

  constructor(private readonly form: HTMLFormElement, private readonly place: HTMLElement) {
    this.list = place.querySelector<HTMLElement>("[data-files]")!;
    this.picker = form.querySelector<HTMLInputElement>("input[type=file]")!;
    this.start = form.querySelector<HTMLButtonElement>("[type=submit]")!;
  }

  wire() {
    for (const plain of this.form.querySelectorAll<HTMLElement>("[data-plain]")) plain.hidden = true;
    for (const scripted of this.place.querySelectorAll<HTMLElement>("[data-scripted]")) scripted.hidden = false;
    for (const element of this.place.querySelectorAll<HTMLElement>("[data-left] [data-address]")) this.add(element);
    this.picker.multiple = !this.isSingle;
    this.start.textContent = this.start.dataset.labelStart!;
    this.picker.addEventListener("change", () => this.choose([...(this.picker.files ?? [])]));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.startAll(); });
    for (const kind of ["dragover", "drop"]) this.form.addEventListener(kind, (event) => event.preventDefault());
    this.form.addEventListener("drop", (event) => this.choose([...(event.dataTransfer?.files ?? [])]));
    document.addEventListener("qj:rows", () => this.tidy());
    this.tidy();
  }

  /** On the page of another source for a video: one file, and what it would touch is shown next. */
  private get isSingle(): boolean {
    return "single" in this.place.dataset;
  }

  private add(element: HTMLElement): Row {
    const row = new Row(element, (wanted) => this.goOn(wanted));
    this.rows.push(row);
    return row;
  }

  private choose(files: File[]) {
    this.picker.value = ""; // the same file may be chosen again
    const awaited = this.awaited;
    this.awaited = null;
    if (awaited && files.length && !files.some((file) => awaited.isOf(file))) {
      const { name, bytes } = awaited.element.dataset;
      return awaited.say(words.otherFile(name ?? "", size(Number(bytes))), "qj-bad");
    }
    if (this.isSingle && files.length) this.rows.filter((row) => row.transfer?.phase === "waiting").forEach((row) => row.element.remove());
    for (const file of files) {
      const known = this.rows.find((row) => row.isOf(file));
      const row = known ?? this.add(this.blank());
      row.take(file, () => this.facts(row, file));
      if (known) this.enqueue(known);
    }
    this.tidy();
  }

  private blank(): HTMLElement {
    const template = this.place.querySelector<HTMLTemplateElement>("template")!;
    const element = template.content.firstElementChild!.cloneNode(true) as HTMLElement;
    this.list.append(element);
    return element;
  }

  private facts(row: Row, file: File): Record<string, string> {
    const of = (name: string) => this.form.querySelector<HTMLInputElement | HTMLSelectElement>(`[name=${name}]`)?.value ?? "";
    const whose: Record<string, string> = this.isSingle ? { title: of("title"), replaces: of("replaces") } : { title: row.title };
    return { ...whose, owner_unit: of("owner_unit"), file_name: file.name.slice(-255), fingerprint: fingerprint(file) };
  }

  /** A line from another day asks for its file; one that was stopped here goes on. */
  private goOn(row: Row) {
    if (row.transfer) return this.enqueue(row);
    this.awaited = row;
    this.picker.click();
  }

  private startAll() {
    const fresh = this.rows.filter((row) => row.transfer?.phase === "waiting" && row.element.isConnected);
    if (!fresh.length) this.picker.click();
    fresh.forEach((row) => this.enqueue(row));
  }

  private enqueue(row: Row) {
    if (this.queue.includes(row)) return;
    this.queue.push(row);
    if (this.running >= AT_ONCE) row.say(words.waiting, "");
    this.next();
  }

  private next() {
    while (this.running < AT_ONCE && this.queue.length) {
      const row = this.queue.shift()!;
      if (!row.element.isConnected) continue;
      this.running += 1;
      void row.transfer!.run(this.place.dataset.uploadsUrl!).finally(() => {
        this.running -= 1;
        if (this.isSingle && row.transfer!.url) location.assign(row.transfer!.url);
        this.tidy();
        this.next();
      });
    }
    this.tidy();
  }

  private tidy() {
    const left = this.place.querySelector<HTMLElement>("[data-left]");
    if (left) left.hidden = !left.querySelector("[data-address]");
    const isAnyFresh = this.rows.some((row) => row.element.isConnected && row.transfer?.phase === "waiting" && !this.queue.includes(row));
    this.start.hidden = !isAnyFresh;
  }
}

const place = document.querySelector<HTMLElement>("[data-uploads-url]");
const form = place?.querySelector<HTMLFormElement>("[data-video-upload]");
if (place && form) new UploadPage(form, place).wire();
