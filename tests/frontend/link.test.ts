import assert from "node:assert/strict";
import { test } from "node:test";

import { linkedSecond } from "../../lms/frontend/player/link";

test("a link names a whole second of what is played", () => {
  assert.equal(linkedSecond("?t=160", [60, 560]), 160);
  assert.equal(linkedSecond("?a=b&t=0", [0, 600]), 0);
});

test("a second outside of what is played is nobody's", () => {
  for (const search of ["?t=59", "?t=560", "?t=999999"]) assert.equal(linkedSecond(search, [60, 560]), null);
});

test("what is no whole second is ignored", () => {
  for (const search of ["", "?t", "?t=", "?t=-1", "?t=1.5", "?t=1e2", "?t=0x10", "?t= 7", "?t=abc", "?t=1234567", "?T=5"]) {
    assert.equal(linkedSecond(search, [0, 600]), null, search);
  }
});
