import assert from "node:assert/strict";
import { test } from "node:test";

import { Collector } from "../../lms/frontend/player/collector";
import { type Range, union } from "../../lms/frontend/player/intervals";

function collecting(duration = 100) {
  const pieces: Range[] = [];
  const rates: number[] = [];
  const collector = new Collector(duration, (range, rate) => {
    pieces.push(range);
    rates.push(rate);
  });
  return { collector, played: () => union(pieces), rates };
}

test("steady playback is one exact piece", () => {
  const { collector, played } = collecting();
  collector.start(10, 0, 1);
  for (let step = 1; step <= 20; step += 1) collector.move(10 + step / 4, step / 4);
  collector.stop(15.1, 5.1);
  assert.deepEqual(played(), [[10, 15.1]]);
});

test("a seek leaves out what was jumped over", () => {
  const { collector, played } = collecting();
  collector.start(0, 0, 1);
  collector.move(4, 4);
  collector.interrupt();
  collector.start(60, 4.3, 1);
  collector.move(63, 7.3);
  assert.deepEqual(played(), [[0, 4], [60, 63]]);
});

test("a position during a seek says nothing about playback", () => {
  const { collector, played } = collecting();
  collector.start(0, 0, 1);
  collector.move(2, 2);
  collector.interrupt();
  collector.move(50, 2.1);
  assert.deepEqual(played(), [[0, 2]]);
});

test("a jump without a seek event is not believed", () => {
  const { collector, played } = collecting();
  collector.start(0, 0, 1);
  collector.move(1, 1);
  collector.move(30, 1.25);
  collector.move(30.5, 1.75);
  assert.deepEqual(played(), [[0, 1], [30, 30.5]]);
});

test("a tab in the background reports seldom and loses nothing", () => {
  const { collector, played } = collecting();
  collector.start(0, 0, 1);
  collector.move(58, 58);
  assert.deepEqual(played(), [[0, 58]]);
});

test("a change of rate counts the old stretch at the old rate", () => {
  const { collector, played, rates } = collecting();
  collector.start(0, 0, 2);
  collector.changeRate(8, 4, 1);
  collector.move(9, 5);
  assert.deepEqual(played(), [[0, 9]]);
  assert.deepEqual(rates, [2, 1]);
});

test("time at double speed is content only as fast as that speed", () => {
  const { collector, played } = collecting();
  collector.start(0, 0, 1);
  collector.move(20, 10);
  assert.deepEqual(played(), []);
});

test("playing backwards or standing still adds nothing", () => {
  const { collector, played } = collecting();
  collector.start(20, 0, 1);
  collector.move(20, 5);
  collector.move(12, 6);
  assert.deepEqual(played(), []);
});

test("the end completes the last stated second, and nothing goes beyond it", () => {
  const { collector, played } = collecting(60);
  collector.start(50, 0, 1);
  collector.move(59.9, 9.9);
  collector.end(59.97, 10);
  assert.deepEqual(played(), [[50, 60]]);
  collector.start(59, 11, 1);
  collector.end(60.4, 12.4);
  assert.deepEqual(played(), [[50, 60]]);
});

test("the end reached by a seek earns no second", () => {
  const { collector, played } = collecting(60);
  collector.interrupt();
  collector.end(60, 10);
  assert.deepEqual(played(), []);
});

test("a stream that begins a few frames late still has its first second", () => {
  const { collector, played } = collecting();
  collector.start(0.08, 0, 1);
  collector.move(2, 2);
  assert.deepEqual(played(), [[0, 2]]);
});
