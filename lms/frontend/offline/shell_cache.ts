// The pages a device keeps, and the public files they are made of. Nothing in here is anybody's.
const PATIENCE_MS = 4000;

interface Waiting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Asked extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
export interface Worker {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(name: string, act: (event: never) => void): void;
}

/** Keeps what `scope`shell.json lists, and `more(files)`; what was kept before and is not among them goes. */
export async function fillShell(name: string, scope: string, more: (files: string[]) => string[] = () => []): Promise<void> {
  const answer = await fetch(`${scope}shell.json`, { cache: "no-store" });
  const { files } = (await answer.json()) as { files: string[] };
  const cache = await caches.open(name);
  const wanted = [...files, ...more(files)];
  await cache.addAll(wanted.map((file) => new Request(file, { cache: "reload" })));
  const known = new Set(wanted);
  for (const { url } of await cache.keys()) if (!known.has(new URL(url).pathname)) await cache.delete(url);
}

/** From the network while there is one, so that nobody is left with yesterday's page. */
export async function fromShell(name: string, request: Request): Promise<Response> {
  const cache = await caches.open(name);
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

/** `give` answers a GET of this site, or returns null to leave it to the browser. */
export function serve(worker: Worker, fill: () => Promise<void>, give: (url: URL, request: Request) => Promise<Response> | null): void {
  worker.addEventListener("install", (event: Waiting) => event.waitUntil(fill().then(() => worker.skipWaiting())));
  worker.addEventListener("activate", (event: Waiting) => event.waitUntil(worker.clients.claim()));
  worker.addEventListener("fetch", (event: Asked) => {
    const url = new URL(event.request.url);
    if (event.request.method !== "GET" || url.origin !== location.origin) return;
    const answer = give(url, event.request);
    if (answer) event.respondWith(answer);
  });
}
