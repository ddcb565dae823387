// node tests/frontend/bundle.mjs SUITE.test.ts OUT.mjs — one suite with the modules it tests, for node's runner.
import { build } from "esbuild";

const [, , suite, outfile] = process.argv;
await build({ entryPoints: [suite], outfile, bundle: true, platform: "node", format: "esm", logLevel: "warning" });
