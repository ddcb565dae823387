// What the player has to say: short notes over the picture, and banners under it for what lasts.

export interface Choice {
  label: string;
  act(): void;
}

const NOTE_MS = 6000;

export class Notices {
  private banners = new Map<string, HTMLElement>();
  private timer = 0;

  constructor(
    private readonly stage: HTMLElement,
    private readonly list: HTMLElement,
    private readonly template: HTMLTemplateElement,
  ) {}

  /** Over the picture; goes away by itself unless it `stays`. */
  note(text: string, choices: Choice | readonly Choice[] = [], stays = false): void {
    const place = this.stage.querySelector(".qp-notes");
    if (!place) return;
    clearTimeout(this.timer);
    const box = noteBox(text, choices);
    place.replaceChildren(box);
    if (!stays) this.timer = window.setTimeout(() => box.remove(), NOTE_MS);
  }

  clearNote(): void {
    clearTimeout(this.timer);
    this.stage.querySelector(".qp-notes")?.replaceChildren();
  }

  /** One banner a topic; the same topic again changes its words. */
  banner(topic: string, text: string, choice?: Choice): void {
    this.dismiss(topic);
    const clone = this.template.content.cloneNode(true) as DocumentFragment;
    const box = clone.firstElementChild as HTMLElement;
    const sentence = box.querySelector("[data-text]");
    if (sentence) sentence.textContent = text;
    if (choice) box.append(button(choice, "btn btn-line btn-small ml-auto flex-none"));
    this.list.append(box);
    this.banners.set(topic, box);
  }

  dismiss(topic: string): void {
    this.banners.get(topic)?.remove();
    this.banners.delete(topic);
  }
}

export function noteBox(text: string, choices: Choice | readonly Choice[]): HTMLElement {
  const box = document.createElement("p");
  box.className = "qp-note";
  box.setAttribute("role", "status");
  box.textContent = text;
  for (const choice of [choices].flat()) box.append(button(choice, "qp-note-act"));
  return box;
}

function button(choice: Choice, name: string): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = name;
  element.textContent = choice.label;
  element.addEventListener("click", choice.act);
  return element;
}
