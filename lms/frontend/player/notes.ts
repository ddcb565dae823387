// Notes at a second of the lecture: written, changed and deleted without leaving it. Fetched when somebody comes near.
import { stamp } from "./times";

interface Answer {
  message: string;
  list?: string;
}

export class Notes {
  private readonly said: HTMLElement;
  private readonly list: HTMLElement;

  constructor(
    private readonly box: HTMLElement,
    private readonly video: HTMLVideoElement | null,
  ) {
    this.said = box.querySelector<HTMLElement>("[data-note-said]")!;
    this.list = box.querySelector<HTMLElement>("[data-note-list]")!;
    box.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send(event.target as HTMLFormElement, event.submitter as HTMLButtonElement | null);
    });
    box.addEventListener("click", (event) => this.jump(event));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) (event.target as HTMLTextAreaElement).form?.requestSubmit();
    });
    const text = box.querySelector<HTMLTextAreaElement>("[data-note-new] textarea");
    // The second somebody begins to write is what the note is about, not the one they finish at.
    text?.addEventListener("focus", () => text.value || this.pin());
    if (text && document.activeElement === text) this.pin();
  }

  private pin(): void {
    if (!this.video) return;
    const at = Math.floor(this.video.currentTime);
    this.box.querySelector<HTMLInputElement>("[data-note-new] [name=at_seconds]")!.value = String(at);
    this.box.querySelector("[data-note-at]")!.textContent = stamp(at);
  }

  private jump(event: MouseEvent): void {
    const at = (event.target as Element).closest<HTMLElement>("[data-seek]")?.dataset.seek;
    if (!at || !this.video || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("qj:seek", { detail: Number(at) }));
  }

  private async send(form: HTMLFormElement, button: HTMLButtonElement | null): Promise<void> {
    const body = new FormData(form);
    if (button?.name) body.set(button.name, button.value);
    if (button) button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const { message, list } = (await answer.json()) as Answer;
      this.said.textContent = message;
      if (!answer.ok) return;
      if (form.hasAttribute("data-note-new")) this.renew(form);
      if (list !== undefined) this.list.innerHTML = list;
    } catch {
      this.said.textContent = this.box.dataset.unsentSaid ?? "";
    } finally {
      if (button) button.disabled = false;
    }
  }

  private renew(form: HTMLFormElement): void {
    const text = form.querySelector("textarea")!;
    text.value = "";
    form.querySelector<HTMLInputElement>("[name=client_key]")!.value = crypto.randomUUID();
    this.pin();
    text.focus();
  }
}

const video = document.querySelector<HTMLVideoElement>("media-controller video");
for (const box of document.querySelectorAll<HTMLElement>("[data-notes]")) new Notes(box, video);
