import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { costInWords } from "../../lms/frontend/player/cost_line";
import { Renditions } from "../../lms/frontend/player/renditions";

const COSTS = { slow: 35, "360p": 60, "720p": 428, audio: 22, slides: 27 };
const kept = new Map<string, string>();

/** As much of a browser and of hls.js as the choice needs. */
Object.assign(globalThis, {
  localStorage: {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  },
});
if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: {} });

type Filled = Parameters<Renditions["fill"]>[0];

const level = (height: number, averageBitrate: number) => ({ width: (height * 16) / 9, height, averageBitrate, videoCodec: "avc1" });
const stream = (...levels: object[]): Filled => ({ levels, autoLevelEnabled: true }) as unknown as Filled;
const names = (renditions: Renditions) => [...renditions].map(({ id }) => id);

beforeEach(() => kept.clear());

test("sound with slides is offered before the sound alone, and only where there are slides", () => {
  assert.deepEqual(names(new Renditions(true, true, COSTS)), ["slides", "sound"]);
  assert.deepEqual(names(new Renditions(true, false, COSTS)), ["sound"]);
  assert.deepEqual(names(new Renditions(false)), []);
});

test("once the stream is there both follow the pictures, with what they cost", () => {
  const renditions = new Renditions(true, true, COSTS);
  renditions.fill(stream(level(0, 78_000), level(360, 133_000)), 49_000);
  assert.deepEqual(names(renditions), ["0", "1", "slides", "sound"]);
  assert.deepEqual([...renditions].map(({ bitrate }) => Math.round(bitrate)), [78_000, 133_000, 60_000, 49_000]);
});

test("changing between slides and the sound alone loads no other stream", () => {
  const renditions = new Renditions(true, true, COSTS);
  const loads: boolean[] = [];
  renditions.onSoundOnly = (isSoundOnly) => loads.push(isSoundOnly);
  renditions.selectedIndex = 0;
  renditions.selectedIndex = 1;
  assert.deepEqual([loads, renditions.isSoundOnly, renditions.isSlides], [[true], true, false]);
});

test("the choice of slides is kept for the next lecture", () => {
  new Renditions(true, true, COSTS).selectedIndex = 0;
  assert.equal(new Renditions(true, true, COSTS).isSlides, true);
});

test("where a lecture has no slides, who chose them gets the thin pictures and keeps the choice", () => {
  new Renditions(true, true, COSTS).selectedIndex = 0;
  const renditions = new Renditions(true, false, COSTS);
  assert.equal(renditions.isSoundOnly, false);
  renditions.fill(stream(level(0, 78_000), level(360, 133_000)), 49_000);
  assert.equal(renditions.selectedIndex, 0);
  assert.equal(kept.get("qp-quality"), "slides");
});

test("before anything plays the line names what the player starts with", () => {
  const renditions = new Renditions(true, true, COSTS);
  assert.match(costInWords(renditions, ""), /^从「省流量」放起，约 35 MB/);
  assert.equal(costInWords(renditions, "720"), "720p · 约 430 MB/小时");
});

test("the line follows what is played", () => {
  const renditions = new Renditions(true, true, COSTS);
  renditions.fill(stream(level(0, 78_000), level(720, 951_000)), 49_000);
  let heard = 0;
  renditions.addEventListener("switch", () => (heard += 1));
  renditions.switched(1);
  assert.equal(costInWords(renditions, ""), "现在约 430 MB/小时 · 720p");
  assert.equal(heard, 1);
  renditions.selectedIndex = 2;
  assert.equal(costInWords(renditions, ""), "现在约 27 MB/小时 · 声音 + 幻灯片");
});

test("a browser that plays the playlist itself is believed to use any of the pictures", () => {
  const renditions = new Renditions(true, true, COSTS);
  renditions.leaveToBrowser();
  assert.equal(costInWords(renditions, ""), "浏览器按线路选画面，约 35–430 MB/小时");
});

test("what nobody measured is not told", () => {
  assert.equal(costInWords(new Renditions(true), ""), "");
});
