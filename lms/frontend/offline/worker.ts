// The service worker of /learn/offline/: gives that page, its player and the packs' files without a network.
import { packCaches } from "./device";
import { type Worker, fillShell, fromShell, serve } from "./shell_cache";

declare const __LOADER__: string;

const SHELL = "qiangji-offline-shell";
const SCOPE = "/learn/offline/";
const FILES = `${SCOPE}files/`;

function loader(files: string[]): string[] {
  const script = files.find((file) => /\/offline[^/]*\.js$/.test(file)) ?? "";
  return [new URL(__LOADER__, new URL(script, location.href)).pathname];
}

async function file(url: URL): Promise<Response> {
  const unit = url.pathname.slice(FILES.length).split("/")[0] ?? "";
  for (const name of await packCaches()) {
    if (!name.endsWith(`-${unit}`)) continue;
    const kept = await (await caches.open(name)).match(url.pathname);
    if (kept) return kept;
  }
  return new Response("", { status: 404 });
}

serve(self as unknown as Worker, () => fillShell(SHELL, SCOPE, loader), (url, request) => {
  if (url.pathname.startsWith(FILES)) return file(url);
  return url.pathname.endsWith(".json") ? null : fromShell(SHELL, request);
});
