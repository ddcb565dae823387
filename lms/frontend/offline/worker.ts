// The service worker of /learn/offline/: gives that page, its player and the packs' files without a network.
// It keeps the two pages and the public files they are made of, nothing else, and nothing that is anybody's.
import { packCaches } from "./device";

declare const __LOADER__: string;

interface Waiting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Asked extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

const SHELL = "qiangji-offline-shell";
const SCOPE = "/learn/offline/";
const FILES = `${SCOPE}files/`;
const PATIENCE_MS = 4000;
const worker = self as unknown as {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(name: string, act: (event: never) => void): void;
};

async function fillShell(): Promise<void> {
  const answer = await fetch(`${SCOPE}shell.json`, { cache: "no-store" });
  const { files } = (await answer.json()) as { files: string[] };
  const script = files.find((file) => /\/offline[^/]*\.js$/.test(file)) ?? "";
  const cache = await caches.open(SHELL);
  const wanted = [...files, new URL(__LOADER__, new URL(script, location.href)).pathname];
  await cache.addAll(wanted.map((file) => new Request(file, { cache: "reload" })));
  const known = new Set(wanted);
  for (const { url } of await cache.keys())
    if (!known.has(new URL(url).pathname)) await cache.delete(url);
}

/** From the network while there is one, so that nobody is left with yesterday's page. */
async function shell(request: Request): Promise<Response> {
  const cache = await caches.open(SHELL);
  const { pathname } = new URL(request.url);
  // A navigation asks with other headers than the ones it was kept for.
  const kept = await cache.match(pathname, { ignoreVary: true });
  if (!kept) return fetch(request);
  try {
    // By its path: a navigation's own request takes no signal.
    const answer = await fetch(pathname, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok && !answer.redirected) await cache.put(pathname, answer.clone());
    return answer.ok ? answer : kept;
  } catch {
    return kept;
  }
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

worker.addEventListener("install", (event: Waiting) => event.waitUntil(fillShell().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event: Waiting) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event: Asked) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith(FILES)) event.respondWith(file(url));
  else if (!url.pathname.endsWith(".json")) event.respondWith(shell(event.request));
});
