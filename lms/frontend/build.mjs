// Bundles each entry on its own: pages without a player never load its code.
import { build } from "esbuild";

import { buildLoader } from "./slim_hls.mjs";

const here = "lms/frontend";

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

// Our player shows its own table of keys; of theirs the controller needs one function.
const withoutTheirHelp = {
  name: "without-their-help",
  setup(bundle) {
    bundle.onLoad({ filter: /media-chrome\/dist\/media-keyboard-shortcuts-dialog\.js$/ }, () => ({
      contents: `export const getHotkeyToken = (key) => (key === " " ? "nospace" : "no" + key.toLowerCase());`,
    }));
  },
};

await build({
  ...common,
  entryPoints: { prefs: `${here}/prefs.ts`, site: `${here}/site.ts`, idle: `${here}/staff/idle.ts`, upload: `${here}/staff/upload/main.ts` },
  format: "iife",
});
const loader = await buildLoader(common);
// Modules, so that the stream loader (two thirds of the bytes) arrives when somebody plays, not before.
await build({
  ...common,
  entryPoints: { player: `${here}/player/main.ts`, preview: `${here}/staff/preview.ts`, notes: `${here}/player/notes.ts` },
  format: "esm",
  plugins: [loader.plugin, withoutTheirHelp],
});
// The pages a device keeps, and the worker that gives them: it must know the loader's name.
await build({
  ...common,
  entryPoints: { offline: `${here}/offline/main.ts` },
  format: "esm",
  plugins: [loader.plugin, withoutTheirHelp],
});
await build({
  ...common,
  entryPoints: { takealong: `${here}/offline/control.ts`, worker: `${here}/offline/worker.ts` },
  format: "iife",
  define: { __LOADER__: JSON.stringify(loader.file) },
});
