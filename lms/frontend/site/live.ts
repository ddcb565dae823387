import { type Question, RollCall } from "./roll_call";

// A livestream tells how it stands at data-live-url: {"state", "words"}. When that changes so much that the
// page looks different (it begins, it is over) the page is loaded again; a word is exchanged in place.
const INTERVAL_MS = 3000;

interface LiveState {
  state: string;
  words: string;
  roll_call?: Question;
}

const isPlaying = (state: string) => state === "live" || state === "interrupted";

async function follow(box: HTMLElement, url: string, rollCall: RollCall | null): Promise<void> {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json", "X-Qiangji-Passive": "1" } });
    if (answer.ok) {
      const { state, words, roll_call: question }: LiveState = await answer.json();
      rollCall?.ask(question ?? null);
      if (isPlaying(state) !== isPlaying(box.dataset.live!)) return location.reload();
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
  setTimeout(() => follow(box, url, rollCall), INTERVAL_MS);
}

export function wireLive() {
  const form = document.querySelector<HTMLFormElement>("[data-roll-call]");
  const rollCall = form && new RollCall(form);
  for (const box of document.querySelectorAll<HTMLElement>("[data-live-url]"))
    void follow(box, box.dataset.liveUrl!, rollCall);
}
