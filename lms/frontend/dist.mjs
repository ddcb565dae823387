// node lms/frontend/dist.mjs clean|compress — empties the folder of built files, or puts a .gz beside each:
// the demo's server sends those, and production's front server too.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const folder = "lms/static/dist";

if (process.argv[2] === "clean") {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
} else {
  for (const name of readdirSync(folder).filter((file) => /\.(css|js)$/.test(file))) {
    writeFileSync(`${folder}/${name}.gz`, gzipSync(readFileSync(`${folder}/${name}`), { level: 9 }));
  }
}
