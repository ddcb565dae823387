// Bundles each entry on its own: pages without a player never load its code.
import { existsSync } from "node:fs";
import { build } from "esbuild";

const here = "lms/frontend";
const entries = { prefs: `${here}/prefs.ts`, site: `${here}/site.ts` };
const player = `${here}/player/main.ts`;
if (existsSync(player)) entries.player = player;

await build({
  entryPoints: entries,
  outdir: "lms/static/dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome109", "firefox115", "safari15"],
  charset: "utf8",
  legalComments: "linked",
  loader: { ".svg": "text" },
  logLevel: "info",
});
