// The row of this unit in the outline must not go on saying what the bar under the player no longer says.
import { type Range, covered, subtract } from "./intervals";
import { words } from "./strings";
import { stamp } from "./times";

const MAX_SPANS = 3;

interface Row {
  sign: SVGUseElement | null;
  place: Element | null;
  state: Element;
}

function current(): Row | null {
  const row = document.querySelector("[data-outline] [aria-current=true]");
  const state = row?.querySelector(".row-t + .cap");
  return row && state ? { sign: row.querySelector("svg use"), place: row.firstElementChild, state } : null;
}

function show(sign: SVGUseElement | null, name: string): void {
  sign?.setAttribute("href", (sign.getAttribute("href") ?? "").replace(/#.*$/, `#i-${name}`));
}

/** As far as the server has confirmed it: a row found short names what is missing, another the share. */
export function advanceRow(confirmed: readonly Range[], bounds: Range): void {
  const row = current();
  const seconds = covered(confirmed);
  if (!row || seconds === 0) return;
  if (row.state.classList.contains("text-cinnabar!")) {
    const spans = subtract([bounds], confirmed).map(([from, to]) => `${stamp(from)}–${stamp(to)}`);
    row.state.textContent = words().rowShort(spans.slice(0, MAX_SPANS), spans.length);
  } else {
    row.state.textContent = words().rowPercent(Math.floor((seconds * 100) / (bounds[1] - bounds[0])));
    show(row.sign, "half");
  }
}

export function finishRow(): void {
  const row = current();
  if (!row) return;
  row.state.textContent = words().finished;
  row.state.classList.remove("text-cinnabar!");
  show(row.sign, "check-c");
  row.place?.classList.remove("text-cinnabar", "text-ink-3");
  row.place?.classList.add("text-ok");
}
