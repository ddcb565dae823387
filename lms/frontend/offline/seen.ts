// The watched bar of a pack: on record as the device last heard, and waiting to be reported.
import { type Range, covered, subtract, union, wholeSeconds } from "../player/intervals";
import { span } from "../player/times";
import type { Pack } from "./packs";
import { words } from "./strings";
import type { Watched } from "./watched";

const SVG = "http://www.w3.org/2000/svg";

export function waitingOf(kept: Watched | undefined): Range[] {
  return wholeSeconds(kept?.ranges ?? []);
}

export function sayWaiting(kept: Watched | undefined): string {
  const seconds = covered(waitingOf(kept));
  return seconds ? words().waiting(span(seconds)) : words().nothingYet;
}

export function drawSeen(svg: SVGSVGElement, pack: Pack, kept: Watched | undefined): void {
  const waiting = subtract(waitingOf(kept), pack.watched);
  const all = union(pack.watched, waiting);
  svg.setAttribute("aria-label", words().seenOf(span(covered(all)), span(pack.duration_seconds)));
  svg.querySelectorAll(".seg, .seg-soft").forEach((old) => old.remove());
  for (const [name, ranges] of [["seg", pack.watched], ["seg-soft", waiting]] as const)
    svg.append(...ranges.map((range) => bar(range, name, pack.duration_seconds)));
}

function bar([from, to]: Range, name: string, duration: number): SVGRectElement {
  const rect = document.createElementNS(SVG, "rect");
  rect.setAttribute("class", name);
  rect.setAttribute("x", `${+((from / duration) * 100).toFixed(2)}%`);
  rect.setAttribute("y", "1");
  rect.setAttribute("width", `${+(((to - from) / duration) * 100).toFixed(2)}%`);
  rect.setAttribute("height", "14");
  return rect;
}
