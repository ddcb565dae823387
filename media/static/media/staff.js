// Progress of uploads and transcodes on the staff's pages, and beside a chosen video in the page editor.
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

  function send(form) {
    const [sending, bar] = [form.querySelector("[data-sending]"), form.querySelector("[data-sending] progress")];
    const label = form.querySelector("[data-sending-label]");
    const words = label.textContent;
    const button = form.querySelector("[type=submit]");
    const request = new XMLHttpRequest();
    request.open("POST", form.action || location.href);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => {
      document.dispatchEvent(new Event("qj:busy")); // a long upload is not idling
      bar.value = (100 * loaded) / total;
      label.textContent = `${words} ${Math.floor((100 * loaded) / total)}%`;
    };
    request.upload.onload = () => { form.querySelector("[data-checking]").hidden = false; };
    const stop = (reasons) => {
      sending.hidden = true;
      form.querySelector("[data-checking]").hidden = true;
      button.disabled = false;
      button.textContent = button.dataset.labelAgain;
      const refused = form.querySelector("[data-refused]");
      refused.querySelector("[data-reasons]").replaceChildren(...reasons.map((reason) => {
        const line = document.createElement("p");
        line.textContent = reason;
        return line;
      }));
      refused.hidden = false;
      refused.scrollIntoView({ block: "center" });
    };
    request.onload = () => {
      if (request.response?.url) location.assign(request.response.url);
      else if (request.response?.errors) stop(Object.values(request.response.errors).flat());
      else stop([button.dataset.labelFailed]);
    };
    request.onerror = () => stop([button.dataset.labelFailed]);
    form.querySelector("[data-refused]").hidden = true;
    sending.hidden = false;
    button.disabled = true;
    request.send(new FormData(form));
  }

  addEventListener("submit", (event) => {
    if (!event.target.matches("[data-video-upload]")) return;
    event.preventDefault();
    send(event.target);
  });
})();
