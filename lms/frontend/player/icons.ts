// The player's signs, drawn like the site's: one line, round ends, 24 × 24.

const PATHS = {
  play: "M8 5.5v13l11-6.5z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  volume: "M4 10v4h3l4.5 4V6L7 10zM15 9a4 4 0 0 1 0 6M17.5 6.5a8 8 0 0 1 0 11",
  muted: "M4 10v4h3l4.5 4V6L7 10zM15.5 9.5l5 5M20.5 9.5l-5 5",
  captions: "M3.5 6h17v12h-17zM10 10.5a2 2 0 1 0 0 3M16.5 10.5a2 2 0 1 0 0 3",
  captionsOff: "M3.5 6h17v12h-17zM10 10.5a2 2 0 1 0 0 3M16.5 10.5a2 2 0 1 0 0 3M3 21 21 3",
  quality: "M4 7h9M17 7h3M15 4.5v5M4 12h3M11 12h9M9 9.5v5M4 17h11M19 17h1M17 14.5v5",
  pip: "M4 5h16v14H4zM12 12h5.5v4.500H12z",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  unfull: "M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5",
} as const;

const FILLED = new Set(["play"]);

export function icon(name: keyof typeof PATHS, slot = ""): string {
  const css = FILLED.has(name) ? "qp-i qp-i-fill" : "qp-i";
  return `<svg class="${css}"${slot ? ` slot="${slot}"` : ""} viewBox="0 0 24 24" aria-hidden="true"><path d="${PATHS[name]}"/></svg>`;
}
