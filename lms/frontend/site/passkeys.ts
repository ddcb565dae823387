// allauth's passkey scripts report what went wrong as an event; people read it beside the button.
const WORDS: Record<string, string> = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", NotFoundError: "missing" };

function sentence(error: unknown): string {
  const words = document.getElementById("passkey-words");
  const kind = error instanceof DOMException ? (WORDS[error.name] ?? "failed") : "failed";
  return words?.dataset[kind] ?? "";
}

export function wirePasskeys() {
  // A passkey belongs to a name: browsers make none for an address in figures.
  const isName = !/^[\d.]+$|:/.test(location.hostname);
  const isPossible = isName && window.isSecureContext && "PublicKeyCredential" in window;
  for (const box of document.querySelectorAll<HTMLElement>("[data-passkey]")) box.hidden = !isPossible;
  for (const box of document.querySelectorAll<HTMLElement>("[data-no-passkey]")) box.hidden = isPossible;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const box = document.querySelector<HTMLElement>("[data-passkey-error]");
    if (!box) return;
    box.querySelector("span")!.textContent = sentence((event as CustomEvent).detail.exception);
    box.hidden = false;
  });
}
