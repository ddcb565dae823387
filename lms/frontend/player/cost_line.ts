// What watching costs in data, said under the player and kept true to what is played. No live region: it
// changes with the line, and nobody wants to hear that.
import { type Costs, bitsOf, megabytesAnHour } from "./data_cost";
import { nameOf } from "./naming";
import { remembered } from "./remembered";
import type { Rendition, Renditions } from "./renditions";
import { words } from "./strings";

const WITHOUT_PICTURE = new Set(["audio", "slides"]);

/** Megabytes an hour of the pictures that can be watched, lightest first. */
export function pictureCosts(costs: Costs): [string, number][] {
  return Object.entries(costs)
    .filter(([name]) => !WITHOUT_PICTURE.has(name))
    .sort(([, one], [, other]) => one - other);
}

type State = Pick<Renditions, "current" | "costs" | "isLeftToBrowser">;

/** `kept`: the choice from another visit, as `Renditions` keeps it. Empty when nothing is known. */
export function costInWords({ current, costs, isLeftToBrowser }: State, kept: string): string {
  if (current) return now(current);
  const pictures = pictureCosts(costs);
  const [least, most] = [pictures[0], pictures.at(-1)];
  if (!least || !most) return "";
  if (isLeftToBrowser) {
    return least === most ? words().costing(called(least[0]), rounded(least[1])) : words().costsBetween(rounded(least[1]), rounded(most[1]));
  }
  const chosen = pictures.find(([name]) => name === kept || name === `${kept}p`);
  return chosen ? words().costing(called(chosen[0]), rounded(chosen[1])) : words().costsFirst(called(least[0]), rounded(least[1]));
}

const now = (current: Rendition): string =>
  current.bitrate ? words().costsNow(nameOf(current), megabytesAnHour(current.bitrate)) : "";

const rounded = (megabytes: number): number => megabytesAnHour(bitsOf(megabytes));

const called = (name: string): string => nameOf({ height: parseInt(name) || 0 });

export function showCost(place: HTMLElement, renditions: Renditions): void {
  const show = () => (place.textContent = costInWords(renditions, remembered("quality")));
  for (const name of ["addrendition", "change", "switch"]) renditions.addEventListener(name, show);
  show();
}
