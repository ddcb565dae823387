import assert from "node:assert/strict";
import { test } from "node:test";

import { type Claim, Claims } from "../../lms/frontend/player/claims";
import { type Range, covered, missing, union, wholeSeconds } from "../../lms/frontend/player/intervals";

/** The server's rule as design and media.beats state it. */
class Server {
  watched: Range[];
  consumedUntil = 0;
  lastBeatAt: number;

  constructor(
    readonly duration: number,
    openedAt: number,
    watched: Range[] = [],
  ) {
    this.lastBeatAt = openedAt;
    this.watched = watched;
  }

  judge(claim: Claim, now: number): { missing: Range[] } | null {
    const next = union(this.watched, wholeSeconds(claim.ranges));
    const cost = (covered(next) - covered(this.watched)) / claim.rate;
    const reached = Math.max(this.consumedUntil, this.lastBeatAt) + cost;
    if (reached > now + 2) return null;
    if (cost > 0) this.consumedUntil = reached;
    this.lastBeatAt = now;
    this.watched = next;
    return { missing: missing(next, this.duration) };
  }
}

function send(claims: Claims, server: Server, now: number): Claim | null {
  const claim = claims.next(now);
  if (!claim) return null;
  const answer = server.judge(claim, now);
  assert.ok(answer, `refused at ${now}: ${JSON.stringify(claim)}`);
  claims.accepted(claim, answer);
  return claim;
}

test("no second is lost between beats that fall inside seconds", () => {
  const claims = new Claims(600, 2, [], 0);
  const server = new Server(600, 0);
  let position = 0;
  for (const now of [13.7, 26.2, 38.9, 52.4, 63.3, 77.77]) {
    claims.record([position, now], 1);
    position = now;
    send(claims, server, now);
  }
  assert.deepEqual(server.watched, [[0, 77]]);
  assert.deepEqual(claims.confirmed, [[0, 77]]);
  assert.deepEqual(claims.kept, [[77, 77.77]]);
});

test("nothing is sent before a whole second is new", () => {
  const claims = new Claims(60, 1, [[0, 10]], 0);
  claims.record([3, 10.9], 1);
  assert.equal(claims.next(20), null);
});

test("what was watched offline goes in one claim when the page stayed open", () => {
  const claims = new Claims(600, 1, [], 0);
  const server = new Server(600, 0);
  claims.record([0, 180], 1);
  const claim = send(claims, server, 181);
  assert.equal(claim?.gain, 180);
});

test("what an earlier visit left is caught up without one refusal, then all is on record", () => {
  const claims = new Claims(600, 1.5, [], 1000);
  const server = new Server(600, 1000);
  claims.restore([[0, 120]]);
  let now = 1000;
  while (covered(claims.open) > 0 && now < 1200) {
    now += 12;
    send(claims, server, now);
  }
  assert.deepEqual(server.watched, [[0, 120]]);
  assert.ok(now - 1000 <= 120 / 1.5 + 12, `took ${now - 1000} s`);
});

test("a backlog does not stop what is played meanwhile", () => {
  const claims = new Claims(600, 2, [], 0);
  const server = new Server(600, 0);
  claims.restore([[300, 400]]);
  for (let now = 12; now <= 240; now += 12) {
    claims.record([now - 12, now], 1);
    send(claims, server, now);
  }
  assert.deepEqual(claims.confirmed, [[0, 240], [300, 400]]);
});

test("a mixture of speeds is claimed at the fastest one used", () => {
  const claims = new Claims(600, 2, [], 0);
  claims.record([0, 10], 1.25);
  claims.record([10, 14], 1);
  assert.equal(claims.next(13)?.rate, 1.25);
});

test("a speed beyond the policy is never claimed", () => {
  const claims = new Claims(600, 1.5, [], 0);
  claims.record([0, 10], 2);
  assert.equal(claims.next(100)?.rate, 1.5);
});

test("a claim refused by the clock comes again smaller and is given up the second time", () => {
  const claims = new Claims(600, 1, [], 0);
  claims.record([0, 40], 1);
  const whole = claims.next(40);
  assert.equal(whole?.gain, 40);
  assert.equal(claims.refusedByClock(whole as Claim), false);
  const half = claims.next(41);
  assert.equal(half?.gain, 20);
  assert.equal(claims.refusedByClock(half as Claim), true);
  assert.deepEqual(claims.open, [[20, 40]]);
});

test("an answer about more than was claimed is believed: another device may have watched", () => {
  const claims = new Claims(60, 1, [], 0);
  claims.record([0, 10], 1);
  const claim = claims.next(10) as Claim;
  claims.accepted(claim, { missing: [[10, 30]] });
  assert.deepEqual(claims.confirmed, [[0, 10], [30, 60]]);
});

test("ranges kept on the device are cut to the video and to what is new", () => {
  const claims = new Claims(60, 1, [[0, 50]], 0);
  claims.restore([[40, 90]]);
  assert.deepEqual(claims.open, [[50, 60]]);
});

test("after another page used the time, only time from now on can be claimed", () => {
  const claims = new Claims(600, 1, [], 0);
  claims.restart(100);
  claims.record([0, 30], 1);
  assert.equal(claims.next(101)?.gain, 2);
});

test("of a trimmed recording only the span is claimed and shown as seen", () => {
  const claims = new Claims(100, 1, [[0, 30]], 0, [20, 60]);
  claims.record([10, 25], 1);
  claims.record([50, 70], 1);
  assert.deepEqual(claims.seen, [[20, 30], [50, 60]]);
  assert.deepEqual(claims.open, [[50, 60]]);
});

test("what the server has outside the span is not counted as seen", () => {
  const claims = new Claims(100, 1, [], 0, [20, 60]);
  claims.record([20, 30], 1);
  const claim = claims.next(60);
  assert.ok(claim);
  claims.accepted(claim, { missing: [[30, 90]] });
  assert.deepEqual(claims.confirmed, [[20, 30]]);
});

test("ranges kept on the device from before the trimming are not sent", () => {
  const claims = new Claims(100, 1, [], 0, [20, 60]);
  claims.restore([[0, 10], [55, 100]]);
  assert.deepEqual(claims.open, [[55, 60]]);
});
