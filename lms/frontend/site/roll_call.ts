// Roll call: the server says when to ask; the question stays until it is answered, so nobody races a clock
// they cannot see. It takes the keyboard only from who is not typing.
export interface Question {
  seconds_left: number;
}

const TYPING = "input, textarea, select, [contenteditable]";

export class RollCall {
  private readonly left: HTMLElement;
  private readonly late: HTMLElement;
  private readonly refused: HTMLElement;
  private readonly sentence: string;
  private readonly title = document.title;
  private readonly home: { parent: Node; next: Node | null };

  constructor(private readonly form: HTMLFormElement) {
    const part = (name: string) => form.querySelector<HTMLElement>(`[data-roll-call-${name}]`)!;
    this.left = part("left");
    this.late = part("late");
    this.refused = part("refused");
    this.sentence = this.left.textContent ?? "";
    this.home = { parent: form.parentNode!, next: form.nextSibling };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.answer();
    });
    document.addEventListener("fullscreenchange", () => this.place());
  }

  ask(question: Question | null): void {
    if (!question) return this.hide();
    const isLate = question.seconds_left === 0;
    this.left.hidden = isLate;
    this.late.hidden = !isLate;
    this.left.textContent = this.sentence.replace("{seconds}", String(question.seconds_left));
    if (!this.form.hidden) return;
    this.form.hidden = false;
    this.place();
    document.title = `● ${this.form.querySelector("p")?.textContent} ${this.title}`;
    if (!document.activeElement?.matches(TYPING)) this.form.querySelector("button")?.focus();
  }

  private hide(): void {
    this.form.hidden = true;
    this.refused.textContent = "";
    document.title = this.title;
  }

  /** A full screen shows only what is inside it. */
  private place(): void {
    const screen = document.fullscreenElement;
    if (screen) screen.append(this.form);
    else this.home.parent.insertBefore(this.form, this.home.next);
  }

  private async answer(): Promise<void> {
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: new FormData(this.form) });
      if (answer.ok || answer.status === 409) return this.hide();
      this.refused.textContent = (await answer.json()).message;
    } catch {
      // The line is down: the question stays, and so does the button.
    }
  }
}
