import assert from "node:assert/strict";
import { test } from "node:test";

import {
  type Range,
  covered,
  first,
  missing,
  readRanges,
  subtract,
  union,
  wholeSeconds,
} from "../../lms/frontend/player/intervals";

test("a union joins what overlaps or touches and drops what is empty", () => {
  assert.deepEqual(union([[5, 9], [0, 2], [2, 4], [8, 12], [20, 20]]), [[0, 4], [5, 12]]);
});

test("a union is the same in whatever order and however often its parts come", () => {
  const parts: Range[] = [[0, 3], [10, 14], [2, 6], [13, 20], [30, 31]];
  const once = union(parts);
  assert.deepEqual(union([...parts].reverse(), parts), once);
  assert.deepEqual(union(once), once);
});

test("subtracting cuts a hole and keeps both sides", () => {
  assert.deepEqual(subtract([[0, 10]], [[3, 4], [6, 20]]), [[0, 3], [4, 6]]);
});

test("what is missing and what is watched make up the whole", () => {
  const watched: Range[] = [[3, 10], [40, 60]];
  const gaps = missing(watched, 60);
  assert.deepEqual(gaps, [[0, 3], [10, 40]]);
  assert.deepEqual(union(watched, gaps), [[0, 60]]);
  assert.equal(covered(watched) + covered(gaps), 60);
});

test("a second counts only when all of it was played", () => {
  assert.deepEqual(wholeSeconds([[0.2, 4.9], [7.1, 7.9]]), [[1, 4]]);
});

test("two pieces that meet inside a second complete it", () => {
  assert.deepEqual(wholeSeconds([[0, 4.4], [4.4, 6]]), [[0, 6]]);
});

test("the first seconds of several ranges are taken in order", () => {
  assert.deepEqual(first([[0, 3], [10, 20]], 5), [[0, 3], [10, 12]]);
  assert.deepEqual(first([[0, 3]], -1), []);
});

test("ranges from storage or the wire are read only when well-formed", () => {
  assert.deepEqual(readRanges([[1, 2], [3], ["a", "b"], null, [4, NaN], [-1, 5], [9, 8]]), [[1, 2]]);
  assert.deepEqual(readRanges("[[1,2]]"), []);
});
