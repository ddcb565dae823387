// A link may name a second of the lecture (`?t=730`): the page opens there and waits to be played.
import type { Range } from "./intervals";

/** A whole second of what is played; anything else names none. */
export function linkedSecond(search: string, [from, to]: Range): number | null {
  const named = new URLSearchParams(search).get("t") ?? "";
  const second = /^\d{1,6}$/.test(named) ? Number(named) : -1;
  return second >= from && second < to ? second : null;
}

/** Played from there: loaded again, the page goes on where it stopped. */
export function forgetLink(): void {
  const here = new URL(location.href);
  here.searchParams.delete("t");
  history.replaceState(history.state, "", here);
}
