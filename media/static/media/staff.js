// Progress of transcodes on the staff's pages, and beside a chosen video in the page editor.
(() => {
  const POLL_MS = 1000;
  const CHOOSER = ".chooser[data-video-states-url]";

  /** Elements that show a state: chips on our pages, chosen videos in the page editor. */
  const shown = () => [
    ...[...document.querySelectorAll("[data-video-state]:not([data-finished])")].map((element) => ({
      id: element.dataset.videoState, update: (facts) => updateChip(element, facts),
    })),
    ...[...document.querySelectorAll(`${CHOOSER}:not(.blank)`)].map((element) => ({
      id: document.getElementById(element.id.replace(/-chooser$/, ""))?.value,
      update: (facts) => { element.querySelector("[data-chooser-title]").textContent = facts.label; },
      isFinished: () => finished.has(document.getElementById(element.id.replace(/-chooser$/, ""))?.value),
    })).filter(({ id, isFinished }) => id && !isFinished()),
  ];
  const finished = new Set();

  function updateChip(element, facts) {
    const chip = element.querySelector("[data-word]");
    chip.textContent = facts.word;
    chip.className = `qj-chip qj-${facts.tone}`;
    const bar = element.querySelector("progress");
    if (bar) bar.value = facts.progress;
    if (!facts.is_finished) return;
    element.dataset.finished = "";
    bar?.remove();
    if (element.closest("[data-reload-when-finished]")) location.reload();
  }

  async function poll() {
    const wanted = shown();
    const place = document.querySelector("[data-video-states-url]");
    if (!wanted.length || !place || document.hidden) return;
    const query = new URLSearchParams([...new Set(wanted.map(({ id }) => id))].map((id) => ["id", id]));
    const answer = await fetch(`${place.dataset.videoStatesUrl}?${query}`, { headers: { Accept: "application/json", "X-Qiangji-Passive": "1" } });
    if (!answer.ok) return;
    for (const facts of (await answer.json()).videos) {
      if (facts.is_finished) finished.add(String(facts.id));
      for (const one of wanted) if (one.id === String(facts.id)) one.update(facts);
    }
  }
  // A lost connection only means the next look comes a second later.
  setInterval(() => poll().catch(() => {}), POLL_MS);
})();
