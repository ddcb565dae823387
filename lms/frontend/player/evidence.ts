// The watched bar under the player: heading with the finding, ruler, and one button for each missing segment.
import type { Claims } from "./claims";
import { type Range, covered, missing, subtract } from "./intervals";
import { advanceRow, finishRow } from "./outline";
import type { Settlement } from "./settlement";
import { words } from "./strings";
import { span, stamp } from "./times";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 20;
const TOP = 1;
/** As in lms/common/rulers.py. */
const LIVE_SHARE = 0.35;
const MAX_BUTTONS = 6;

export interface EvidenceOptions {
  duration: number;
  needed: number;
  recordUrl: string;
  /** How long the lecture is nobody knows yet: no share of it can be told. */
  isLive: boolean;
  /** What was watched while it was spoken, as the server had it when the page opened. */
  watchedLive: readonly Range[];
  jump(gap: Range): void;
}

export class Evidence {
  private readonly heading = part("heading");
  private readonly sum = part("sum");
  private readonly ruler = part("ruler");
  private readonly gaps = part("gaps");
  private readonly hours: string;
  private settlement: Settlement | null = null;
  private drawn = "";

  constructor(
    private readonly root: HTMLElement,
    private readonly options: EvidenceOptions,
    private isSettled: boolean,
  ) {
    this.hours = root.dataset.hours ?? "";
  }

  /** Missing segments that still matter: none once the hours are settled. */
  open(claims: Claims): Range[] {
    return this.isSettled ? [] : missing(claims.seen, this.options.duration);
  }

  show(claims: Claims): void {
    const { duration, needed } = this.options;
    const seen = covered(claims.seen);
    const gaps = this.open(claims);
    const state = JSON.stringify([claims.seen, claims.confirmed, this.isSettled]);
    if (state === this.drawn) return;
    this.drawn = state;
    this.draw(claims, gaps);
    this.say(seen);
    const sum = this.sum(this.root);
    if (sum) sum.textContent = words().watchedAndNeeded(stamp(seen), stamp(needed));
    this.list(seen >= needed ? [] : gaps);
    if (!this.isSettled && !this.options.isLive) advanceRow(claims.confirmed, duration);
    const label = words().rulerLabel(span(seen), span(duration), gaps.length);
    this.ruler(this.root)?.querySelector("svg")?.setAttribute("aria-label", label);
  }

  settled(settlement: Settlement, claims: Claims): void {
    this.settlement = settlement;
    this.isSettled = settlement.state !== "short";
    if (this.isSettled) finishRow();
    this.drawn = "";
    this.show(claims);
  }

  private say(seen: number): void {
    const heading = this.heading(this.root);
    if (!heading) return;
    const { needed, recordUrl } = this.options;
    if (this.isSettled) {
      if (!this.settlement) return; // the server's own heading stands
      heading.textContent = this.verdict(this.settlement);
      const link = document.createElement("a");
      link.href = this.settlement.record_url || recordUrl;
      link.textContent = words().toRecord;
      link.className = "qp-record";
      heading.append(" ", link);
    } else if (seen >= needed) {
      heading.textContent = words().waiting(this.hours);
    } else {
      const left = span(needed - seen);
      heading.textContent = this.hours ? words().shortOf(left, this.hours) : words().shortOfUnknown(left);
    }
  }

  private verdict({ state, hours, message }: Settlement): string {
    if (state === "earned") return hours ? words().earned(hours) : words().earnedUnknown;
    return message || words().settledOther;
  }

  private draw(claims: Claims, gaps: readonly Range[]): void {
    const svg = this.ruler(this.root)?.querySelector("svg");
    if (!svg) return;
    svg.querySelectorAll(".seg, .seg-soft, .seg-live, .gap").forEach((old) => old.remove());
    const parts = [
      ...claims.confirmed.map((range) => this.rect(range, "seg")),
      ...subtract(claims.seen, claims.confirmed).map((range) => this.rect(range, "seg-soft")),
      ...this.options.watchedLive.map((range) => this.rect(range, "seg-live", LIVE_SHARE)),
      ...gaps.map((range) => this.rect(range, "gap")),
    ];
    svg.querySelector(".trk")?.after(...parts);
  }

  /** `share`: how much of the bar's height, from its foot. */
  private rect([from, to]: Range, name: string, share = 1): SVGRectElement {
    const percent = (value: number) => `${+((value / this.options.duration) * 100).toFixed(2)}%`;
    const rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("class", name);
    rect.setAttribute("x", percent(from));
    rect.setAttribute("y", String(TOP + HEIGHT * (1 - share)));
    rect.setAttribute("width", percent(to - from));
    rect.setAttribute("height", String(HEIGHT * share));
    return rect;
  }

  /** Buttons are kept by the end of their segment, so that the one with the focus is not replaced. */
  private list(gaps: readonly Range[]): void {
    const list = this.gaps(this.root);
    const template = this.root.querySelector<HTMLTemplateElement>("template[data-gap-button]");
    if (!list || !template) return;
    const old = new Map([...list.querySelectorAll<HTMLButtonElement>("[data-gap]")].map((b) => [b.dataset.to, b]));
    const buttons = gaps.slice(0, MAX_BUTTONS).map(([from, to]) => {
      const button = old.get(String(to)) ?? this.button(template);
      button.dataset.from = String(from);
      button.dataset.to = String(to);
      const label = button.querySelector("[data-label]");
      if (label) label.textContent = words().gap(stamp(from), stamp(to));
      return button;
    });
    for (const button of old.values()) if (!buttons.includes(button)) button.remove();
    buttons.forEach((button, index) => {
      if (list.children[index] !== button) list.insertBefore(button, list.children[index] ?? null);
    });
    const more = this.root.querySelector<HTMLElement>("[data-more-gaps]");
    if (more) more.textContent = gaps.length > MAX_BUTTONS ? words().moreGaps(gaps.length - MAX_BUTTONS) : "";
    this.root.toggleAttribute("data-complete", gaps.length === 0);
    for (const word of document.querySelectorAll<HTMLElement>("[data-when-missing]")) word.hidden = gaps.length === 0;
  }

  private button(template: HTMLTemplateElement): HTMLButtonElement {
    const clone = template.content.cloneNode(true) as DocumentFragment;
    const button = clone.querySelector("button") as HTMLButtonElement;
    this.wire(button);
    return button;
  }

  wireExisting(): void {
    this.root.querySelectorAll<HTMLButtonElement>("[data-gap]").forEach((button) => this.wire(button));
  }

  private wire(button: HTMLButtonElement): void {
    button.addEventListener("click", () => {
      this.options.jump([Number(button.dataset.from), Number(button.dataset.to)]);
    });
  }
}

function part(name: string): (root: HTMLElement) => HTMLElement | null {
  return (root) => root.querySelector<HTMLElement>(`[data-evidence-${name}]`);
}
