// The transcript follows the playback: current line lit, unseen lines marked, a click jumps there.
import type { Range } from "./intervals";
import { stamp } from "./times";
import type { Cue } from "./vtt";

// Someone reading ahead is left alone for a while.
const LEAVE_ALONE_MS = 6000;

interface Line {
  element: HTMLElement;
  from: number;
  to: number;
}

export class Transcript {
  private lines: Line[] = [];
  private readonly own: HTMLElement[];
  private followsPlay = true;
  private current: Line | null = null;
  private touchedAt = -LEAVE_ALONE_MS;

  constructor(
    private readonly box: HTMLElement,
    private readonly duration: number,
    private readonly jump: (seconds: number) => void,
  ) {
    this.own = [...box.querySelectorAll<HTMLElement>("[data-start]")];
    this.read(this.own);
    for (const line of this.lines) line.element.addEventListener("click", () => jump(line.from));
    this.rove();
    for (const name of ["wheel", "touchmove", "keydown"]) {
      box.addEventListener(name, () => (this.touchedAt = performance.now()), { passive: true });
    }
  }

  /** Called when other lines stand here. */
  onChange: () => void = () => {};

  /** Off: the reader keeps their place. */
  setFollowing(isOn: boolean): void {
    this.followsPlay = isOn;
    if (isOn && this.current) this.reveal(this.current.element);
  }

  restore(): void {
    this.put(this.own);
    this.box.removeAttribute("lang");
  }

  replace(cues: readonly Cue[], language: string): void {
    if (!cues.length) return;
    this.put(cues.map(({ from, text }) => this.line(from, text)));
    this.box.lang = language;
  }

  private line(from: number, text: string): HTMLElement {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "cue";
    element.dataset.start = String(from);
    const time = document.createElement("time");
    time.textContent = stamp(from);
    const words = document.createElement("span");
    words.textContent = text;
    element.append(time, words);
    element.addEventListener("click", () => this.jump(from));
    return element;
  }

  private put(elements: HTMLElement[]): void {
    this.mark(this.current, false);
    this.current = null;
    this.box.replaceChildren(...elements);
    this.read(elements);
    this.onChange();
  }

  private read(elements: readonly HTMLElement[]): void {
    this.lines = elements.map((element, index) => ({
      element,
      from: Number(element.dataset.start),
      to: Number(elements[index + 1]?.dataset.start ?? this.duration),
    }));
    elements.forEach((element, index) => (element.tabIndex = index === 0 ? 0 : -1));
  }

  follow(position: number): void {
    const line = this.lines.filter(({ from }) => from <= position).at(-1) ?? null;
    if (line === this.current) return;
    this.mark(this.current, false);
    this.mark(line, true);
    this.current = line;
    if (line && this.followsPlay && performance.now() - this.touchedAt > LEAVE_ALONE_MS) this.reveal(line.element);
  }

  /** `missed` is empty once nothing is asked any more. */
  show(missed: readonly Range[]): void {
    for (const { element, from, to } of this.lines) {
      const isMissed = missed.some((gap) => gap[0] < to && from < gap[1]);
      element.classList.toggle("miss", isMissed);
    }
  }

  /** One stop for the Tab key, the up and down arrows inside: a lecture has hundreds of lines. */
  private rove(): void {
    this.box.addEventListener("keydown", (event) => {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      const elements = this.lines.map(({ element }) => element);
      const next = elements[elements.indexOf(document.activeElement as HTMLElement) + step];
      if (!step || !next) return;
      event.preventDefault();
      this.stop(next);
      next.focus();
    });
  }

  private stop(element: HTMLElement): void {
    for (const { element: other } of this.lines) other.tabIndex = other === element ? 0 : -1;
  }

  private mark(line: Line | null, isCurrent: boolean): void {
    if (!line) return;
    line.element.classList.toggle("on", isCurrent);
    if (!isCurrent) {
      line.element.removeAttribute("aria-current");
      return;
    }
    line.element.setAttribute("aria-current", "true");
    if (!this.box.contains(document.activeElement)) this.stop(line.element);
  }

  reveal(element: HTMLElement): void {
    const middle = element.offsetTop - this.box.offsetTop - this.box.clientHeight / 3;
    this.box.scrollTo({ top: middle, behavior: matchMedia("(prefers-reduced-motion)").matches ? "auto" : "smooth" });
  }
}
