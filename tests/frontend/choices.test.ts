import assert from "node:assert/strict";
import { test } from "node:test";

import { megabytesAnHour } from "../../lms/frontend/player/data_cost";
import { readCues } from "../../lms/frontend/player/vtt";
import { chapterAt } from "../../lms/frontend/player/chapters";

test("an hour of 64 kbit/s costs 29 megabytes", () => {
  assert.equal(megabytesAnHour(64_000), 29);
});

test("larger costs are told in two digits, and nothing costs nothing", () => {
  assert.equal(megabytesAnHour(733_000), 330);
  assert.equal(megabytesAnHour(10), 1);
});

test("cues are read with their times, settings and broken lines", () => {
  const text = "WEBVTT\n\n1\n00:01.500 --> 00:03.000 line:90%\n退回也要\n写一句理由\n\n01:00:02.000 --> 01:00:04.000\n<b>A &amp; B</b>\n";
  assert.deepEqual(readCues(text), [
    { from: 1.5, to: 3, text: "退回也要 写一句理由" },
    { from: 3602, to: 3604, text: "A & B" },
  ]);
});

test("what is no cue is no line", () => {
  assert.deepEqual(readCues("WEBVTT\r\n\r\nNOTE made by hand\r\n\r\nhello"), []);
});

test("the chapter at a second is the last that has begun", () => {
  const chapters = [{ start_seconds: 5, title: "一" }, { start_seconds: 60, title: "二" }];
  assert.equal(chapterAt(chapters, 4.9), -1);
  assert.equal(chapterAt(chapters, 5), 0);
  assert.equal(chapterAt(chapters, 600), 1);
});
