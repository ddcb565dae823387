// Bundles each entry on its own: pages without a player never load its code.
import { existsSync } from "node:fs";
import { build } from "esbuild";

const here = "lms/frontend";
const player = `${here}/player/main.ts`;

const common = {
  outdir: "lms/static/dist",
  bundle: true,
  minify: true,
  target: ["chrome109", "firefox115", "safari15"],
  charset: "utf8",
  legalComments: "linked",
  loader: { ".svg": "text" },
  logLevel: "info",
};

await build({
  ...common,
  entryPoints: { prefs: `${here}/prefs.ts`, site: `${here}/site.ts` },
  format: "iife",
});
// A module, so that the stream loader (three quarters of the bytes) arrives beside the page, not before it.
if (existsSync(player)) {
  // The staff's preview shares the stream loader's chunk.
  const preview = `${here}/staff/preview.ts`;
  await build({ ...common, entryPoints: { player, preview }, format: "esm", splitting: true, chunkNames: "player-[hash]" });
}
