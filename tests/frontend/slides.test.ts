import assert from "node:assert/strict";
import { test } from "node:test";

import { slideAt, slidesWithin } from "../../lms/frontend/player/slides";
import { readCues } from "../../lms/frontend/player/vtt";

const INDEX = `WEBVTT

00:00:00.000 --> 00:00:19.500
slide-0001.webp

00:00:19.500 --> 00:01:10.500
slide-0002.webp

00:01:10.500 --> 00:02:00.000
slide-0003.webp
`;
const cues = readCues(INDEX);

test("a second shows the slide that was put up last", () => {
  const slides = slidesWithin(cues, [0, 120]);
  assert.deepEqual([0, 19.4, 19.5, 70, 119].map((at) => slideAt(slides, at)), [0, 0, 1, 1, 2]);
});

test("a trimmed recording begins with the slide that stands there, from there", () => {
  const slides = slidesWithin(cues, [30, 70]);
  assert.deepEqual(slides, [{ from: 30, file: "slide-0002.webp" }]);
  assert.equal(slideAt(slides, 30), 0);
});

test("before the first slide the first one is shown, and without slides none", () => {
  assert.equal(slideAt([{ from: 5, file: "slide-0001.webp" }], 1), 0);
  assert.equal(slideAt([], 1), -1);
});
