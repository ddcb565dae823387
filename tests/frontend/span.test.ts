import assert from "node:assert/strict";
import { test } from "node:test";

import { chapterAt, turned } from "../../lms/frontend/player/chapters";
import { bounds, neededSeconds, type PlayerConfig } from "../../lms/frontend/player/config";
import { GapTour } from "../../lms/frontend/player/gaps";
import { actionFor } from "../../lms/frontend/player/keyboard";
import { keepWithin } from "../../lms/frontend/player/span";

const config = (facts: Partial<PlayerConfig>) => ({ duration_seconds: 600, coverage_share: 0.9, ...facts }) as PlayerConfig;
const chapters = [{ start_seconds: 60, title: "a" }, { start_seconds: 300, title: "b" }];

/** As much of a video element as the span needs. */
class Film extends EventTarget {
  paused = false;
  private second = 0;
  ends = 0;

  constructor() {
    super();
    this.addEventListener("ended", () => (this.ends += 1));
  }

  get currentTime(): number {
    return this.second;
  }

  set currentTime(second: number) {
    this.second = second;
    this.dispatchEvent(new Event("seeking"));
  }

  pause(): void {
    this.paused = true;
  }

  play(): void {
    this.paused = false;
    this.dispatchEvent(new Event("play"));
  }

  reach(second: number): void {
    this.second = second;
    this.dispatchEvent(new Event("timeupdate"));
  }
}

function film(): Film {
  const made = new Film();
  keepWithin(made as unknown as HTMLVideoElement, [60, 560]);
  return made;
}

test("without a span all of the recording counts", () => {
  assert.deepEqual(bounds(config({})), [0, 600]);
  assert.deepEqual(bounds(config({ span: null })), [0, 600]);
});

test("the share is of the span", () => {
  assert.equal(neededSeconds(config({ span: [60, 560] })), 450);
});

test("whoever asks for what was cut off gets the nearest end", () => {
  const video = film();
  video.currentTime = 10;
  assert.equal(video.currentTime, 60);
  video.currentTime = 590;
  assert.equal(video.currentTime, 560);
  video.currentTime = 300;
  assert.equal(video.currentTime, 300);
});

test("at the end of the span it stops and has ended, once", () => {
  const video = film();
  video.reach(559.9);
  assert.equal(video.paused, false);
  video.reach(560.1);
  video.reach(560.1);
  assert.deepEqual([video.paused, video.ends], [true, 1]);
});

test("playing again after the end begins at the beginning of the span", () => {
  const video = film();
  video.reach(560.1);
  video.play();
  assert.equal(video.currentTime, 60);
});

test("missing segments outside the span are not toured", () => {
  const tour = new GapTour();
  tour.begin([100, 110]);
  assert.equal(tour.next(110.2, [[60, 560]], [60, 560]), null);
});

test("the chapter keys go to the chapter before and after", () => {
  assert.deepEqual(actionFor("]", true), { do: "chapter", step: 1 });
  assert.deepEqual(actionFor("【", true), { do: "chapter", step: -1 });
  assert.equal(actionFor("]", false), null);
  assert.equal(turned(chapters, 100, 1), 300);
  assert.equal(turned(chapters, 400, -1), 60);
  assert.equal(turned(chapters, 400, 1), null);
  assert.equal(chapterAt(chapters, 10), -1);
});
