// Reports by itself when there is a line, and says what came of it.
import { type Outcome, SignedOut, returnAll } from "./returning";
import { words } from "./strings";

export function wireReport(box: HTMLElement, onOutcome: (outcomes: Outcome[]) => void): () => Promise<void> {
  const sentence = box.querySelector<HTMLElement>("[data-text]")!;
  const link = box.querySelector<HTMLElement>("[data-sign-in]")!;
  const say = (text: string, isBad = false, canSignIn = false) => {
    box.hidden = !text;
    box.classList.toggle("banner-warn", isBad);
    box.classList.toggle("banner-ok", Boolean(text) && !isBad);
    sentence.textContent = text;
    link.hidden = !canSignIn;
  };
  const report = async () => {
    if (!navigator.onLine) return;
    try {
      const outcomes = await returnAll();
      if (!outcomes.length) return;
      say(outcomes.map(({ message }) => message).join(" "), outcomes.some(({ isTaken }) => !isTaken));
      onOutcome(outcomes);
    } catch (error) {
      // Without a line it goes when there is one.
      if (error instanceof SignedOut) say(words().reportSignedOut, true, true);
    }
  };
  addEventListener("online", () => void report());
  return report;
}
