// A running job tells its progress at data-progress-url: {"state", "progress", "sentence"}.
// When it ends the page is loaded again, so the server alone decides how the result looks.
const INTERVAL_MS = 1500;
const RUNNING = new Set(["queued", "sealing", "running"]);

interface Progress {
  state: string;
  progress: number;
  sentence?: string;
}

function show(box: HTMLElement, { progress, sentence }: Progress) {
  box.querySelector("[data-progress-bar]")?.setAttribute("width", `${progress}%`);
  box.querySelector("[role=progressbar]")?.setAttribute("aria-valuenow", String(progress));
  const number = box.querySelector("[data-progress-number]");
  if (number) number.textContent = `${progress}%`;
  const words = box.querySelector("[data-progress-sentence]");
  if (words && sentence) words.textContent = sentence;
}

async function follow(box: HTMLElement, url: string): Promise<void> {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json", "X-Qiangji-Passive": "1" } });
    if (answer.ok) {
      const progress: Progress = await answer.json();
      if (!RUNNING.has(progress.state)) return location.reload();
      show(box, progress);
    }
  } catch {
    // The network comes back or it does not; ask again at the next turn.
  }
  setTimeout(() => follow(box, url), INTERVAL_MS);
}

export function wireProgress() {
  for (const box of document.querySelectorAll<HTMLElement>("[data-progress-url]"))
    void follow(box, box.dataset.progressUrl!);
}
