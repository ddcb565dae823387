import assert from "node:assert/strict";
import { test } from "node:test";

import { GapTour } from "../../lms/frontend/player/gaps";
import type { Range } from "../../lms/frontend/player/intervals";
import { actionFor, nextRate } from "../../lms/frontend/player/keyboard";
import { merged, reduced } from "../../lms/frontend/player/store";
import { span, stamp } from "../../lms/frontend/player/times";

test("two tabs that keep ranges never lose each other's", () => {
  assert.deepEqual(merged([[0, 10]], [[8, 20], [40, 41]]), [[0, 20], [40, 41]]);
  assert.deepEqual(merged("broken", [[1, 2]]), [[1, 2]]);
});

test("only what the server has is taken off the device", () => {
  assert.deepEqual(reduced([[0, 20], [30, 40]], [[5, 35]]), [[0, 5], [35, 40]]);
});

test("at the end of a missing segment playback goes on to the next one", () => {
  const tour = new GapTour();
  const seen: Range[] = [[0, 30], [40, 60]];
  tour.begin([10, 20]);
  assert.equal(tour.next(19.9, seen, [0, 60]), null);
  assert.deepEqual(tour.next(20.2, seen, [0, 60]), [30, 40]);
});

test("after the last missing segment playback goes back to one left out before it", () => {
  const tour = new GapTour();
  tour.begin([50, 60]);
  assert.deepEqual(tour.next(60.2, [[10, 90]], [0, 90]), [0, 10]);
});

test("a missing segment that is being played is played on, not jumped to", () => {
  const tour = new GapTour();
  tour.begin([10, 20]);
  assert.equal(tour.next(20.2, [[0, 20]], [0, 60]), null);
});

test("someone who goes elsewhere is not moved again", () => {
  const tour = new GapTour();
  tour.begin([10, 20]);
  tour.leave();
  assert.equal(tour.next(21, [[0, 20]], [0, 60]), null);
});

test("with nothing missing playback simply goes on", () => {
  const tour = new GapTour();
  tour.begin([10, 20]);
  assert.equal(tour.next(20.3, [[0, 60]], [0, 60]), null);
});

test("letters and digits work only inside the player", () => {
  assert.equal(actionFor("m", false), null);
  assert.equal(actionFor("5", false), null);
  assert.deepEqual(actionFor("m", true), { do: "mute" });
  assert.deepEqual(actionFor("5", true), { do: "jump", share: 0.5 });
  assert.deepEqual(actionFor(" ", false), { do: "toggle" });
  assert.equal(actionFor("Enter", true), null);
});

test("the keyboard cannot play faster than the policy", () => {
  assert.equal(nextRate(1.5, 0.25, 1.5), 1.5);
  assert.equal(nextRate(0.5, -0.25, 1.5), 0.5);
});

test("times read as people write them", () => {
  assert.equal(stamp(730), "12:10");
  assert.equal(stamp(3730), "1:02:10");
  assert.equal(span(62), "1 分 02 秒");
  assert.equal(span(60), "1 分钟");
  assert.equal(span(3.2), "4 秒");
});
