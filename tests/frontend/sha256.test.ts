import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";

import { Sha256, digestOf } from "../../lms/frontend/staff/upload/sha256";

const expected = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("every length around the edges of a block digests as the platform's own", () => {
  for (let length = 0; length <= 200; length += 1) {
    const data = randomBytes(length);
    assert.equal(hex(new Sha256().update(data).digest()), expected(data), `${length} bytes`);
  }
});

test("it is the same however the bytes are cut into pieces", () => {
  const data = randomBytes(100_000);
  for (const piece of [1, 63, 64, 65, 999, 65_536]) {
    const digest = new Sha256();
    for (let at = 0; at < data.length; at += piece) digest.update(data.subarray(at, at + piece));
    assert.equal(hex(digest.digest()), expected(data), `pieces of ${piece}`);
  }
});

test("a file of more than one piece is read to its end", async () => {
  const data = randomBytes(3 * 1024 ** 2 + 17);
  assert.equal(hex(await digestOf(new Blob([data]))), expected(data));
});

test("a length of more than four gigabits is written in full", () => {
  // 600 MB of zeros: the bit length needs the upper half of its field.
  const piece = new Uint8Array(10_000_000);
  const [ours, theirs] = [new Sha256(), createHash("sha256")];
  for (let n = 0; n < 60; n += 1) {
    ours.update(piece);
    theirs.update(piece);
  }
  assert.equal(hex(ours.digest()), theirs.digest("hex"));
});
