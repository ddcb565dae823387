// One request of the tus protocol. Status 0: the line was cut, or nothing moved for a minute.
const SILENCE_MS = 60_000;

export interface Reply {
  status: number;
  header: (name: string) => string;
  body: { code?: string; message?: string; state?: string; url?: string };
}

interface Options {
  headers?: Record<string, string>;
  body?: Blob;
  onProgress?: (bytes: number) => void;
  signal?: AbortSignal;
}

const token = () => document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";

export function ask(method: string, address: string, { headers = {}, body, onProgress, signal }: Options = {}): Promise<Reply> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let watchdog = setTimeout(() => request.abort(), SILENCE_MS);
    const moved = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => request.abort(), SILENCE_MS);
    };
    const stop = () => request.abort();
    request.open(method, address);
    // Wagtail answers whoever is signed out with 403 instead of the sign-in page.
    const fixed = { "Tus-Resumable": "1.0.0", "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest", Accept: "application/json" };
    for (const [name, value] of Object.entries({ ...fixed, ...headers })) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => { moved(); onProgress?.(loaded); };
    request.onloadend = () => {
      clearTimeout(watchdog);
      signal?.removeEventListener("abort", stop);
      resolve({ status: request.status, header: (name) => request.getResponseHeader(name) ?? "", body: parsed(request.responseText) });
    };
    signal?.addEventListener("abort", stop);
    request.send(body ?? null);
    if (signal?.aborted) request.abort();
  });
}

function parsed(text: string): Reply["body"] {
  try {
    return JSON.parse(text) as Reply["body"];
  } catch {
    return {};
  }
}
