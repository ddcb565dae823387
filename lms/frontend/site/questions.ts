// Questions to the lecturer: sent without leaving the lecture, and fetched again when what all see has changed.
const PASSIVE = { "X-Qiangji-Passive": "1" };

export class Questions {
  private version: string;
  private readonly list: HTMLElement;

  constructor(private readonly box: HTMLElement) {
    this.version = box.dataset.version ?? "";
    this.list = box.querySelector<HTMLElement>("[data-question-list]")!;
    const form = box.querySelector<HTMLFormElement>("[data-ask]");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.ask(form);
    });
    box.addEventListener("click", (event) => {
      const at = (event.target as Element).closest<HTMLElement>("[data-seek]")?.dataset.seek;
      if (at) document.dispatchEvent(new CustomEvent("qj:seek", { detail: Number(at) }));
    });
  }

  async follow(version: string): Promise<void> {
    if (version === this.version) return;
    await this.fetchList();
    this.version = version;
  }

  private async ask(form: HTMLFormElement): Promise<void> {
    const said = form.querySelector<HTMLElement>("[data-ask-said]")!;
    const button = form.querySelector("button")!;
    button.disabled = true;
    try {
      const body = new FormData(form);
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      said.textContent = ((await answer.json()) as { message: string }).message;
      if (answer.ok) {
        form.reset();
        form.querySelector<HTMLInputElement>("[name=client_key]")!.value = crypto.randomUUID();
        await this.fetchList();
      }
    } catch {
      said.textContent = form.dataset.askOffline ?? "";
    } finally {
      button.disabled = false;
    }
  }

  private async fetchList(): Promise<void> {
    const answer = await fetch(this.box.dataset.questions!, { headers: PASSIVE, cache: "no-store" });
    if (answer.ok) this.list.innerHTML = await answer.text();
  }
}
