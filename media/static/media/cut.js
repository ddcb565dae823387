// Trimming and chapters: rows made of the form's lines, written back into them before it is sent.
(() => {
  const form = document.querySelector("[data-cut-editor]");
  if (!form) return;
  const one = (selector) => form.querySelector(selector);
  const text = one("textarea[name=chapters]");
  const list = one("[data-cut-rows]");
  const template = one("template[data-cut-row]");
  const status = one("[data-cut-status]");
  const left = one("[data-cut-left]");
  const undoButton = one("[data-act=undo]");
  const ends = { start: one("#start"), end: one("#end") };
  const video = one("video[data-manifest]");
  const only = one("[data-only]");
  const length = Number(form.dataset.seconds) || 0;
  const past = [];
  let isDirty = "unsaved" in form.dataset;
  let isSending = false;

  const rows = () => [...list.children];
  const field = (row, name) => row.querySelector(`[data-${name}]`);
  const clock = (seconds) => [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
  const here = () => clock(video ? video.currentTime : 0);
  const seconds = (written) => {
    const found = /^\s*(?:(\d{1,3})[:：])?(\d{1,3})[:：](\d{1,2})(?:[.,]\d{1,3})?\s*$/.exec(written);
    return found && Number(found[3]) < 60 ? Number(found[1] || 0) * 3600 + Number(found[2]) * 60 + Number(found[3]) : NaN;
  };
  const span = () => [ends.start.value.trim() ? seconds(ends.start.value) : 0, ends.end.value.trim() ? seconds(ends.end.value) : length];
  const LINE = /^\s*\[?((?:\d{1,3}[:：])?\d{1,3}[:：]\d{1,2}(?:[.,]\d{1,3})?)\]?[\s、.\-–—]*(.*)$/;

  function makeRow(time, title) {
    const row = template.content.cloneNode(true).firstElementChild;
    field(row, "time").value = time;
    field(row, "title").value = title;
    return row;
  }
  const rowsOf = (written) => written.split(/\r\n?|\n/).map((line) => line.trim()).filter(Boolean).map((line) => {
    const found = LINE.exec(line);
    return found ? makeRow(found[1], found[2].trim()) : makeRow("", line);
  });
  const writeText = () => rows().map((row) => `${field(row, "time").value.trim()} ${field(row, "title").value.trim()}`).join("\n");
  const snapshot = () => JSON.stringify([ends.start.value, ends.end.value, writeText()]);
  function remember() {
    const now = snapshot();
    if (past.at(-1) !== now) past.push(now);
    if (past.length > 50) past.shift();
  }
  function undo() {
    let last = past.pop();
    while (last === snapshot()) last = past.pop(); // taken as a field got the focus, and nothing was changed since
    if (!last) return;
    const [start, end, lines] = JSON.parse(last);
    ends.start.value = start;
    ends.end.value = end;
    list.replaceChildren(...rowsOf(lines));
  }

  /** What is wrong with a row, as the server would say it. */
  function problemOf(row, before) {
    const [start, end] = span();
    const at = seconds(field(row, "time").value);
    if (Number.isNaN(at)) return "time";
    if (!field(row, "title").value.trim()) return "empty";
    if (at <= before) return "order";
    return at < start || at >= end ? "outside" : "";
  }
  function check() {
    let wrong = 0;
    let before = -1;
    for (const row of rows()) {
      const problem = problemOf(row, before);
      const at = seconds(field(row, "time").value);
      if (!Number.isNaN(at)) before = at;
      field(row, "time").setAttribute("aria-invalid", String(Boolean(problem) && problem !== "empty"));
      field(row, "title").setAttribute("aria-invalid", String(problem === "empty"));
      field(row, "problem").hidden = !problem;
      field(row, "problem").textContent = problem ? form.dataset[`say${problem[0].toUpperCase()}${problem.slice(1)}`] : "";
      if (problem) wrong += 1;
    }
    const say = (name, n) => form.dataset[name].replace("{n}", n);
    status.textContent = [say("sayCount", rows().length), wrong ? say("sayWrong", wrong) : "", isDirty ? form.dataset.sayUnsaved : ""].filter(Boolean).join(" · ");
    status.classList.toggle("is-wrong", wrong > 0);
    one("[data-cut-none]").hidden = rows().length > 0;
    undoButton.disabled = !past.some((one) => one !== snapshot());
    drawSpan();
  }
  function drawSpan() {
    const [start, end] = span();
    const isRight = start < end && end <= length;
    for (const [name, value] of [["start", start], ["end", end]]) ends[name].setAttribute("aria-invalid", String(Number.isNaN(value) || value > length));
    left.classList.toggle("is-wrong", !isRight);
    left.textContent = isRight ? form.dataset.sayLeft.replace("{from}", clock(start)).replace("{to}", clock(end)).replace("{left}", clock(end - start)) : form.dataset.sayTime;
    const kept = one("[data-kept]");
    kept.setAttribute("x", `${isRight && length ? (start / length) * 100 : 0}%`);
    kept.setAttribute("width", `${isRight && length ? ((end - start) / length) * 100 : 0}%`);
  }
  function changed() {
    isDirty = true;
    check();
  }
  function makeCurrent(row) {
    for (const other of list.querySelectorAll(".is-current")) if (other !== row) other.classList.remove("is-current");
    row?.classList.add("is-current");
  }
  function focusRow(row, name = "title") {
    if (!row) return;
    makeCurrent(row);
    field(row, name).focus();
    row.scrollIntoView({ block: "nearest" });
  }
  const startOf = (row) => seconds(field(row, "time").value);
  /** A new row where its time belongs. */
  function place(row) {
    const next = rows().find((other) => startOf(other) > startOf(row));
    if (next) next.before(row);
    else list.append(row);
  }

  const acts = {
    start() { ends.start.value = here(); },
    end() { ends.end.value = here(); },
    add() {
      const row = makeRow(here(), "");
      place(row);
      focusRow(row);
    },
    now(row) { field(row, "time").value = here(); },
    delete(row) {
      const near = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      if (near) focusRow(near);
      else one("[data-act=add]").focus();
    },
  };
  function play() {
    only.checked = true;
    video.currentTime = span()[0] || 0;
    void video.play();
  }

  let isPressed = false; // between press and release nothing may move under the pointer
  form.addEventListener("pointerdown", () => { isPressed = true; });
  addEventListener("pointercancel", () => { isPressed = false; });
  addEventListener("click", () => { isPressed = false; }, true);
  list.addEventListener("focusin", (event) => { if (!isPressed) makeCurrent(event.target.closest(".qj-chapter")); });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    const row = event.target.closest(".qj-chapter");
    if (!button) {
      if (row) makeCurrent(row);
      if (row && video && !Number.isNaN(startOf(row))) video.currentTime = startOf(row);
      return;
    }
    if (button.dataset.act === "play") return play();
    if (button.dataset.act === "undo") undo();
    else {
      remember();
      acts[button.dataset.act](row);
    }
    changed();
  });
  form.addEventListener("focusin", (event) => { if (event.target.matches("input[type=text]")) remember(); });
  form.addEventListener("input", (event) => { if (event.target !== only) changed(); });
  list.addEventListener("paste", (event) => {
    const lines = event.clipboardData?.getData("text/plain") ?? "";
    const row = event.target.closest(".qj-chapter");
    const made = rowsOf(lines);
    if (made.length < 2 && !LINE.test(lines)) return;
    event.preventDefault();
    remember();
    row.after(...made);
    if (!field(row, "title").value.trim()) row.remove();
    focusRow(made.at(-1));
    changed();
  });
  list.addEventListener("keydown", (event) => {
    const row = event.target.closest(".qj-chapter");
    if (event.isComposing || !event.target.matches("input")) return;
    const name = event.target === field(row, "time") ? "time" : "title";
    if (event.altKey && event.code === "KeyT") {
      event.preventDefault();
      remember();
      acts.now(row);
      changed();
    } else if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      focusRow(row.nextElementSibling || row, name);
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      focusRow(row.previousElementSibling, name);
    }
  });
  function markPlayed() {
    const begun = rows().filter((row) => startOf(row) <= video.currentTime);
    for (const row of rows()) row.classList.toggle("is-spoken", row === begun.at(-1));
  }
  /** The preview as learners will have it, unless somebody looks for another end. */
  function keepWithin() {
    const [start, end] = span();
    if (!only.checked || video.paused || !(start < end)) return;
    if (video.currentTime >= end) video.pause();
    else if (video.currentTime < start) video.currentTime = start;
  }
  video?.addEventListener("timeupdate", () => { markPlayed(); keepWithin(); });
  form.addEventListener("submit", () => {
    text.value = writeText();
    isSending = true;
  });
  addEventListener("beforeunload", (event) => { if (isDirty && !isSending) event.preventDefault(); });

  list.replaceChildren(...rowsOf(text.value));
  one("[data-cut-text]").hidden = true;
  for (const shown of [list, one("[data-cut-bar]"), one("[data-cut-keys]"), one("[data-act=add]"), undoButton]) shown.hidden = false;
  for (const shown of form.querySelectorAll("[data-cut-play], [data-act=start], [data-act=end]")) shown.hidden = !video;
  check();
})();
