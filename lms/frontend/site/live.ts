import { Questions } from "./questions";
import { type Question, RollCall } from "./roll_call";

// A livestream tells how it stands at data-live-url: {"state", "words"}. When that changes so much that the
// page looks different (it begins, it is over) the page is loaded again; a word is exchanged in place.
const INTERVAL_MS = 3000;

interface LiveState {
  state: string;
  words: string;
  roll_call?: Question;
  viewers?: string;
  questions?: string;
}

interface Parts {
  rollCall: RollCall | null;
  questions: Questions | null;
}

/** A page loaded again would lose the question somebody is writing. */
const isWriting = () =>
  document.activeElement instanceof HTMLTextAreaElement && document.activeElement.value.trim() !== "";

const isPlaying = (state: string) => state === "live" || state === "interrupted";

async function follow(box: HTMLElement, url: string, parts: Parts): Promise<void> {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json", "X-Qiangji-Passive": "1" } });
    if (answer.ok) {
      const { state, words, viewers, questions, roll_call: question }: LiveState = await answer.json();
      parts.rollCall?.ask(question ?? null);
      if (isPlaying(state) !== isPlaying(box.dataset.live!) && !isWriting()) return location.reload();
      void parts.questions?.follow(questions ?? "").catch(() => {});
      const count = box.querySelector("[data-live-viewers]");
      if (count) count.textContent = viewers ?? "";
      if (state !== box.dataset.live) {
        box.dataset.live = state;
        const label = box.querySelector("[data-live-words]");
        if (label) label.textContent = words;
        for (const note of box.querySelectorAll<HTMLElement>("[data-live-when]"))
          note.hidden = note.dataset.liveWhen !== state;
      }
    }
  } catch {
    // The line is down: the player says so; ask again at the next turn.
  }
  setTimeout(() => follow(box, url, parts), INTERVAL_MS);
}

export function wireLive() {
  const form = document.querySelector<HTMLFormElement>("[data-roll-call]");
  const asking = document.querySelector<HTMLElement>("[data-questions]");
  const parts = { rollCall: form && new RollCall(form), questions: asking && new Questions(asking) };
  for (const box of document.querySelectorAll<HTMLElement>("[data-live-url]"))
    void follow(box, box.dataset.liveUrl!, parts);
}
