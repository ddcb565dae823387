// The captions editor: rows made of the form's text, written back into it before it is sent.
(() => {
  const form = document.querySelector("[data-cue-editor]");
  if (!form) return;
  const text = form.querySelector("textarea[name=cues]");
  const list = form.querySelector("[data-cue-rows]");
  const rowTemplate = form.querySelector("template[data-cue-row]");
  const status = form.querySelector("[data-cue-status]");
  const undoButton = form.querySelector("[data-act=undo]");
  const video = document.querySelector("video[data-manifest]");
  const length = Number(form.dataset.seconds) || Infinity;
  const past = [];
  let isDirty = "unsaved" in form.dataset;
  let isSending = false;

  const rows = () => [...list.children];
  const field = (row, name) => row.querySelector(`[data-${name}]`);
  const clock = (seconds) => {
    const thousandths = Math.max(0, Math.round(seconds * 1000));
    const pad = (value, digits) => String(value).padStart(digits, "0");
    const whole = Math.floor(thousandths / 1000);
    return `${pad(Math.floor(whole / 3600), 2)}:${pad(Math.floor(whole / 60) % 60, 2)}:${pad(whole % 60, 2)}.${pad(thousandths % 1000, 3)}`;
  };
  const seconds = (written) => {
    const found = /^\s*(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,5})(?:[.,](\d{1,3}))?\s*$/.exec(written);
    if (!found) return NaN;
    return Number(found[1] || 0) * 3600 + Number(found[2] || 0) * 60 + Number(found[3]) + Number((found[4] || "0").padEnd(3, "0")) / 1000;
  };
  const cueOf = (row) => ({ start: seconds(field(row, "start").value), end: seconds(field(row, "end").value), words: field(row, "words").value.trim() });

  function makeRow(start, end, words) {
    const row = rowTemplate.content.cloneNode(true).firstElementChild;
    field(row, "start").value = start;
    field(row, "end").value = end;
    field(row, "words").value = words;
    fitHeight(row);
    return row;
  }
  function fitHeight(row) {
    const words = field(row, "words");
    words.rows = Math.max(1, words.value.split("\n").length);
  }
  function readText(written) {
    list.replaceChildren(...written.replace(/\r\n?/g, "\n").split(/\n[ \t]*\n/).filter((block) => block.trim()).map((block) => {
      const [times, ...words] = block.replace(/^\n+|\n+$/g, "").split("\n");
      const [start, end] = times.split("-->");
      return makeRow(start.trim(), (end || "").trim(), words.join("\n"));
    }));
  }
  const writeText = () => rows().map((row) => {
    const words = field(row, "words").value.split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
    return `${field(row, "start").value.trim()} --> ${field(row, "end").value.trim()}\n${words}`;
  }).join("\n\n");

  /** What is wrong with a row, as the server would say it. */
  function problemOf(cue, before) {
    if (Number.isNaN(cue.start) || Number.isNaN(cue.end)) return ["time", Number.isNaN(cue.start) ? "start" : "end"];
    if (!cue.words) return ["empty", "words"];
    if (cue.end <= cue.start + 0.0005) return ["backward", "end"];
    if (cue.end > length + 0.0005) return ["beyond", "end"];
    if (before && cue.start < before.end - 0.0005) return ["overlap", "start"];
    return null;
  }
  let cues = [];
  function check() {
    const all = rows();
    cues = all.map(cueOf);
    let wrong = 0;
    all.forEach((row, at) => {
      const problem = problemOf(cues[at], cues[at - 1]);
      const words = field(row, "problem");
      for (const name of ["start", "end", "words"]) field(row, name).setAttribute("aria-invalid", String(problem?.[1] === name));
      words.hidden = !problem;
      words.textContent = problem ? form.dataset[`say${problem[0][0].toUpperCase()}${problem[0].slice(1)}`] : "";
      if (problem) wrong += 1;
    });
    const say = (name, n) => form.dataset[name].replace("{n}", n);
    status.textContent = [say("sayCount", cues.length), wrong ? say("sayWrong", wrong) : "", isDirty ? form.dataset.sayUnsaved : ""].filter(Boolean).join(" · ");
    status.classList.toggle("is-wrong", wrong > 0);
    form.querySelector("[data-cue-none]").hidden = cues.length > 0;
    form.querySelector("[data-act=first]").hidden = cues.length > 0;
    undoButton.disabled = past.length === 0;
    showInVideo();
  }
  let waiting = 0;
  function changed() {
    isDirty = true;
    clearTimeout(waiting);
    waiting = setTimeout(check, 150);
  }

  /** The captions as they stand here, over the picture. */
  let track = null;
  function showInVideo() {
    if (!video || typeof VTTCue === "undefined") return;
    track ??= video.addTextTrack("captions", form.dataset.label, form.dataset.language);
    track.mode = "showing";
    for (const cue of [...(track.cues || [])]) track.removeCue(cue);
    for (const { start, end, words } of cues) if (end > start && words) track.addCue(new VTTCue(start, end, words.replace(/[&<]/g, (sign) => (sign === "&" ? "&amp;" : "&lt;"))));
  }
  function markSpoken() {
    const at = cues.findIndex(({ start, end }) => start <= video.currentTime && video.currentTime < end);
    rows().forEach((row, number) => {
      const isSpoken = number === at;
      if (row.classList.contains("is-spoken") === isSpoken) return;
      row.classList.toggle("is-spoken", isSpoken);
      if (isSpoken) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      if (isSpoken && !video.paused && !list.contains(document.activeElement)) row.scrollIntoView({ block: "nearest" });
    });
  }
  function jumpTo(row) {
    const { start } = cueOf(row);
    if (video && !Number.isNaN(start)) video.currentTime = Math.min(start, length);
  }
  function focusRow(row, name = "words") {
    if (!row) return;
    field(row, name).focus();
    row.scrollIntoView({ block: "nearest" });
  }
  function tidy(row) {
    for (const name of ["start", "end"]) {
      const value = seconds(field(row, name).value);
      if (!Number.isNaN(value)) field(row, name).value = clock(value);
    }
  }
  function remember() {
    past.push(writeText());
    if (past.length > 50) past.shift();
  }

  const acts = {
    begin(row) { if (video) field(row, "start").value = clock(video.currentTime); },
    finish(row) { if (video) field(row, "end").value = clock(video.currentTime); },
    add(row) {
      const { end } = cueOf(row);
      const next = row.nextElementSibling;
      const start = Number.isNaN(end) ? 0 : end;
      const until = Math.min(start + 2, next ? cueOf(next).start || start + 2 : length);
      const added = makeRow(clock(start), clock(until), "");
      row.after(added);
      focusRow(added);
    },
    delete(row) {
      const near = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      focusRow(near);
    },
    split(row) {
      const words = field(row, "words");
      const whole = words.value;
      const caret = words.selectionStart > 0 && words.selectionStart < whole.length ? words.selectionStart : Math.ceil(whole.length / 2);
      const { start, end } = cueOf(row);
      const middle = start + (end - start) * (whole.length ? caret / whole.length : 0.5);
      const second = makeRow(clock(middle), field(row, "end").value, whole.slice(caret).trim());
      words.value = whole.slice(0, caret).trim();
      field(row, "end").value = clock(middle);
      fitHeight(row);
      row.after(second);
      focusRow(second);
    },
    merge(row) {
      const next = row.nextElementSibling;
      if (!next) return;
      const [first, second] = [field(row, "words").value.trim(), field(next, "words").value.trim()];
      field(row, "words").value = first + (/[\w.,!?]$/.test(first) && /^\w/.test(second) ? " " : "") + second;
      field(row, "end").value = field(next, "end").value;
      next.remove();
      fitHeight(row);
      focusRow(row);
    },
  };

  // The buttons of a row open below it. Between press and release nothing may move under the pointer.
  let isPressed = false;
  function makeCurrent(row) {
    for (const other of list.querySelectorAll(".is-current")) if (other !== row) other.classList.remove("is-current");
    row.classList.add("is-current");
  }
  form.addEventListener("pointerdown", () => { isPressed = true; });
  addEventListener("pointercancel", () => { isPressed = false; });
  list.addEventListener("focusin", (event) => { if (!isPressed) makeCurrent(event.target.closest(".qj-cue")); });
  addEventListener("click", () => { isPressed = false; }, true);

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    const row = event.target.closest(".qj-cue");
    if (!button) {
      if (row) {
        makeCurrent(row);
        jumpTo(row);
      }
      return;
    }
    if (button.dataset.act === "undo") {
      if (past.length) readText(past.pop());
    } else {
      remember();
      if (button.dataset.act === "first") {
        list.append(makeRow(clock(video?.currentTime || 0), clock(Math.min((video?.currentTime || 0) + 2, length)), ""));
        focusRow(list.firstElementChild);
      } else acts[button.dataset.act](row);
    }
    changed();
  });
  list.addEventListener("input", (event) => {
    fitHeight(event.target.closest(".qj-cue"));
    changed();
  });
  list.addEventListener("focusout", (event) => {
    const row = event.target.closest(".qj-cue");
    if (row && !row.contains(event.relatedTarget)) tidy(row);
  });
  list.addEventListener("keydown", (event) => {
    const row = event.target.closest(".qj-cue");
    const name = ["start", "end", "words"].find((one) => event.target === field(row, one));
    if (!name || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      tidy(row);
      changed();
      focusRow(row.nextElementSibling || row, name);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const isUp = event.key === "ArrowUp";
      const { value, selectionStart } = event.target;
      // Inside words of several lines the arrows first move between these.
      if (name === "words" && (isUp ? value.slice(0, selectionStart) : value.slice(selectionStart)).includes("\n")) return;
      event.preventDefault();
      focusRow(isUp ? row.previousElementSibling : row.nextElementSibling, name);
    }
  });
  form.addEventListener("submit", () => {
    text.value = writeText();
    isSending = true;
  });
  addEventListener("beforeunload", (event) => {
    if (isDirty && !isSending) event.preventDefault();
  });
  video?.addEventListener("timeupdate", markSpoken);
  video?.addEventListener("seeked", markSpoken);

  readText(text.value);
  form.querySelector("[data-cue-text]").hidden = true;
  list.hidden = false;
  undoButton.hidden = false;
  const keys = document.querySelector("[data-cue-keys]");
  if (keys) keys.hidden = false;
  check();
})();
