// Finding words in the transcript: how often, marked, from one to the next.
import { words } from "./strings";

export class TranscriptSearch {
  private readonly field: HTMLInputElement | null;
  private hits: HTMLElement[] = [];
  private at = -1;

  constructor(
    tools: HTMLElement,
    private readonly box: HTMLElement,
    private readonly reveal: (line: HTMLElement) => void,
  ) {
    this.field = tools.querySelector("[data-find]");
    this.count = tools.querySelector("[data-find-count]");
    this.field?.addEventListener("input", () => this.find());
    this.field?.addEventListener("keydown", (event) => this.press(event));
    tools.querySelector("[data-find-next]")?.addEventListener("click", () => this.step(1));
    tools.querySelector("[data-find-previous]")?.addEventListener("click", () => this.step(-1));
  }

  private readonly count: HTMLElement | null;

  /** Again, after the lines have changed. */
  find(): void {
    const wanted = this.field?.value.trim().toLowerCase() ?? "";
    this.hits = [];
    this.at = -1;
    for (const line of this.box.querySelectorAll<HTMLElement>("[data-start]")) {
      const text = line.querySelector("span");
      if (text && mark(text, wanted)) this.hits.push(line);
    }
    if (this.hits.length) this.step(1);
    else this.say(wanted ? words().notFound : "");
  }

  private press(event: KeyboardEvent): void {
    if (event.key === "Enter") {
      event.preventDefault();
      this.step(event.shiftKey ? -1 : 1);
    } else if (event.key === "ArrowDown" && this.hits[this.at]) {
      event.preventDefault();
      this.hits[this.at]?.focus(); // Enter there plays from the line
    } else if (event.key === "Escape" && this.field) {
      this.field.value = "";
      this.find();
    }
  }

  private step(by: number): void {
    if (!this.hits.length) return;
    this.hits[this.at]?.classList.remove("hit");
    this.at = (this.at + by + this.hits.length) % this.hits.length;
    const line = this.hits[this.at];
    line?.classList.add("hit");
    if (line) this.reveal(line);
    this.say(words().found(this.at + 1, this.hits.length));
  }

  private say(text: string): void {
    if (this.count) this.count.textContent = text;
  }
}

/** Marks every occurrence; the words themselves stay as they were. */
function mark(place: HTMLElement, wanted: string): boolean {
  const text = place.textContent ?? "";
  place.closest("[data-start]")?.classList.remove("hit");
  const parts: (string | HTMLElement)[] = [];
  let from = 0;
  const lower = text.toLowerCase();
  for (let at = lower.indexOf(wanted); wanted && at >= 0; at = lower.indexOf(wanted, from)) {
    const found = document.createElement("mark");
    found.textContent = text.slice(at, at + wanted.length);
    parts.push(text.slice(from, at), found);
    from = at + wanted.length;
  }
  if (!parts.length && !place.querySelector("mark")) return false;
  place.replaceChildren(...parts, text.slice(from));
  return parts.length > 0;
}
