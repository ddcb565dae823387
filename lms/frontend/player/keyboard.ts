// Keys of the player. Letters and digits work only while the focus is in the player (WCAG 2.1.4);
// space and the two side arrows also when nothing has the focus.

export type Action =
  | { do: "toggle" | "mute" | "fullscreen" | "captions" | "pip" | "note" | "help" }
  | { do: "skip"; seconds: number }
  | { do: "volume"; step: number }
  | { do: "rate"; step: number }
  | { do: "jump"; share: number }
  | { do: "chapter"; step: number };

const ACTIONS: Record<string, Action> = {
  " ": { do: "toggle" },
  k: { do: "toggle" },
  m: { do: "mute" },
  f: { do: "fullscreen" },
  c: { do: "captions" },
  p: { do: "pip" },
  n: { do: "note" },
  ArrowLeft: { do: "skip", seconds: -5 },
  ArrowRight: { do: "skip", seconds: 5 },
  j: { do: "skip", seconds: -10 },
  l: { do: "skip", seconds: 10 },
  ArrowUp: { do: "volume", step: 0.1 },
  ArrowDown: { do: "volume", step: -0.1 },
  "<": { do: "rate", step: -0.25 },
  ">": { do: "rate", step: 0.25 },
  "[": { do: "chapter", step: -1 },
  "]": { do: "chapter", step: 1 },
  "【": { do: "chapter", step: -1 },
  "】": { do: "chapter", step: 1 },
  Home: { do: "jump", share: 0 },
  End: { do: "jump", share: 1 },
  "?": { do: "help" },
  "？": { do: "help" },
};
const WITHOUT_FOCUS = new Set([" ", "ArrowLeft", "ArrowRight"]);

export function actionFor(key: string, isInPlayer: boolean): Action | null {
  if (!isInPlayer && !WITHOUT_FOCUS.has(key)) return null;
  if (/^[0-9]$/.test(key)) return { do: "jump", share: Number(key) / 10 };
  return ACTIONS[key] ?? ACTIONS[key.toLowerCase()] ?? null;
}

export function nextRate(rate: number, step: number, maxRate: number): number {
  return Math.min(Math.max(rate + step, 0.5), maxRate);
}

const OWN_KEYS = "button, a, input, textarea, select, summary, [contenteditable], [role=menu], [role=menuitemradio]";

/** True when the focused thing uses this key itself: a button its space, a slider its arrows. */
function isTaken(event: KeyboardEvent): boolean {
  const path = event.composedPath().filter((node): node is HTMLElement => node instanceof HTMLElement);
  const tag = path[0]?.tagName ?? "";
  if (["INPUT", "TEXTAREA", "SELECT"].includes(tag) && (path[0] as HTMLInputElement).type !== "range") return true;
  if (path.some((node) => node.getAttribute("role")?.startsWith("menu"))) return true;
  const isArrow = event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End";
  if (isArrow) return path.some((node) => node.matches("media-volume-range, [role=tablist]"));
  const isPress = event.key === " ";
  return isPress && path.some((node) => node.matches(OWN_KEYS) || node.getAttribute("role") === "button");
}

export function listen(player: HTMLElement, perform: (action: Action) => void): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTaken(event)) return;
    const isInPlayer = event.composedPath().includes(player);
    if (!isInPlayer && document.activeElement !== document.body) return;
    const action = actionFor(event.key, isInPlayer);
    if (!action) return;
    event.preventDefault();
    perform(action);
  });
}
