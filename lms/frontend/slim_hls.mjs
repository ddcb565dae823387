// hls.js from its own source, without the parts our streams never use: a third fewer bytes on a thin line.
// The switches and the empty module are those of its own build; a part switched off is replaced by the latter.
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";

import { build } from "esbuild";

const source = resolve("node_modules/hls.js/src");
const { version } = JSON.parse(readFileSync("node_modules/hls.js/package.json", "utf8"));

// Captions are <track> elements, nothing is encrypted or interrupted, and there is one server.
const OFF = [
  ...["CMCD", "CONTENT_STEERING", "EME_DRM", "IFRAMES", "INTERSTITIALS"],
  ...["M2TS_ADVANCED_CODECS", "MEDIA_CAPABILITIES", "SUBTITLES", "VARIABLE_SUBSTITUTION"],
];
const ABSENT =
  /\/(cmcd|content-steering|eme|id3-track|iframe|interstitials|subtitle-stream|subtitle-track|timeline)-controller$|^@svta\/cml-cmcd$/;

const define = {
  ...Object.fromEntries(OFF.map((part) => [`__USE_${part}__`, "false"])),
  __USE_ALT_AUDIO__: "true",
  __HLS_WORKER_BUNDLE__: "undefined",
  __IN_WORKER__: "false",
  __VERSION__: JSON.stringify(version),
};

const withoutAbsent = {
  name: "without-absent",
  setup(bundle) {
    bundle.onResolve({ filter: ABSENT }, () => ({ path: `${source}/empty.js` }));
  },
};

/** Bundles hls.js as a file of its own; returns its name and the plugin by which other bundles import it. */
export async function buildLoader(common) {
  const { metafile } = await build({
    ...common,
    entryPoints: { loader: `${source}/hls.ts` },
    entryNames: "[name]-[hash]",
    format: "esm",
    define,
    plugins: [withoutAbsent],
    // It is written for fields that are assigned, not defined: a subclass repeats its parent's.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    metafile: true,
  });
  const file = Object.keys(metafile.outputs).find((output) => metafile.outputs[output].entryPoint);
  const unset = readFileSync(file, "utf8").match(/__[A-Z][A-Z0-9_]+__/);
  if (unset) throw new Error(`hls.js has a switch that nobody set: ${unset[0]}`);
  const plugin = {
    name: "loader",
    setup(bundle) {
      bundle.onResolve({ filter: /^hls\.js$/ }, () => ({ path: `./${basename(file)}`, external: true }));
    },
  };
  return { file: basename(file), plugin };
}
