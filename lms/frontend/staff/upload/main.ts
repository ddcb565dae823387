// The upload page: several files, each by itself, two at a time; those of another day go on. Without
// this script the form posts one file as any form does.
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
    this.picker.multiple = true;
    this.start.textContent = this.start.dataset.labelStart!;
    this.picker.addEventListener("change", () => this.choose([...(this.picker.files ?? [])]));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.startAll(); });
    for (const kind of ["dragover", "drop"]) this.form.addEventListener(kind, (event) => event.preventDefault());
    this.form.addEventListener("drop", (event) => this.choose([...(event.dataTransfer?.files ?? [])]));
    document.addEventListener("qj:rows", () => this.tidy());
    this.tidy();
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
    const unit = this.form.querySelector<HTMLSelectElement>("[name=owner_unit]")!.value;
    return { title: row.title, owner_unit: unit, file_name: file.name.slice(-255), fingerprint: fingerprint(file) };
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
