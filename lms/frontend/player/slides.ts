// Sound and slides: while the sound plays, the slide of this second stands where the picture would be.
// Nothing of them is fetched before somebody plays or chooses them, and each picture is fetched once.
import { type ConfigSource, bounds } from "./config";
import type { Parts } from "./controls";
import type { Range } from "./intervals";
import { noteBox } from "./notices";
import type { Renditions } from "./renditions";
import { words } from "./strings";
import { stamp } from "./times";
import { type Cue, readCues } from "./vtt";

// Whoever drags along the bar passes many slides and wants one.
const PASSING_MS = 150;
// A screen reader hears of the slide that stays, not of those passed.
const SAID_MS = 1500;

export interface Slide {
  from: number;
  file: string;
}

interface Picture {
  element: HTMLImageElement;
  loaded: Promise<unknown>;
  isHere: boolean;
}

/** The slides of what is played: the first may have begun before it. */
export function slidesWithin(cues: readonly Cue[], [first, last]: Range): Slide[] {
  return cues
    .filter(({ from, to }) => first < to && from < last)
    .map(({ from, text }) => ({ from: Math.max(from, first), file: text }));
}

/** Index of the slide a second shows; -1 when there is none at all. */
export function slideAt(slides: readonly Slide[], position: number): number {
  if (!slides.length) return -1;
  return Math.max(0, slides.filter(({ from }) => from <= position).length - 1);
}

export class SlideStage {
  private readonly box = element("div", "qp-slides");
  private readonly place = element("div", "qp-slide");
  private readonly coming = element("p", "qp-slide-coming");
  private readonly said = element("p", "sr-only");
  private readonly notes = element("div", "qp-notes");
  private readonly pictures = new Map<string, Picture>();
  private slides: Promise<Slide[]> | null = null;
  private build: string;
  private wanted = -1;
  private passing = 0;
  private saying = 0;

  constructor(
    private readonly parts: Parts,
    private readonly configs: ConfigSource,
    private readonly renditions: Renditions,
  ) {
    this.build = this.folder.at(-2) ?? "";
    this.putInStage();
    const { video } = parts;
    for (const name of ["loadstart", "play", "timeupdate", "seeking"]) {
      video.addEventListener(name, () => {
        if (video.networkState !== HTMLMediaElement.NETWORK_EMPTY) void this.follow();
      });
    }
    renditions.addEventListener("change", () => (renditions.isSlides ? void this.follow() : this.leave()));
    addEventListener("online", () => this.notes.childElementCount && this.again());
    configs.onChange(() => this.renewed());
  }

  private putInStage(): void {
    this.box.slot = "media";
    this.box.hidden = true;
    this.said.setAttribute("role", "status");
    this.coming.setAttribute("aria-hidden", "true");
    this.box.append(this.place, this.coming, this.said);
    this.notes.slot = "top-chrome";
    this.notes.setAttribute("noautohide", "");
    this.parts.controller.querySelector(".qp-notes")?.after(this.notes);
    this.parts.video.after(this.box);
  }

  /** Address of the index, in parts: …/token/build/slides.vtt */
  private get folder(): string[] {
    return (this.configs.current.slides_url ?? "").split("/");
  }

  /** The replay gave way to its full ladder: other slides, under other names. */
  private renewed(): void {
    const build = this.folder.at(-2) ?? "";
    if (build === this.build) return;
    this.build = build;
    this.slides = null;
    this.pictures.clear();
    this.wanted = -1;
  }

  private async follow(): Promise<void> {
    if (!this.renditions.isSlides) return;
    this.box.hidden = false;
    this.parts.controller.toggleAttribute("data-slides", true);
    this.slides ??= this.read();
    const slides = await this.slides.catch(() => null);
    if (!slides || !this.renditions.isSlides) return;
    const index = slideAt(slides, this.parts.video.currentTime);
    if (index === this.wanted) return;
    this.wanted = index;
    this.notes.replaceChildren();
    clearTimeout(this.passing);
    clearTimeout(this.saying);
    const slide = slides[index];
    if (!slide) return;
    this.coming.textContent = words().slideComing(index + 1);
    this.parts.controller.toggleAttribute("data-slide-coming", true);
    if (this.pictures.get(slide.file)?.isHere) void this.show(slides, index);
    else this.passing = window.setTimeout(() => void this.show(slides, index), PASSING_MS);
  }

  private async show(slides: readonly Slide[], index: number, isAgain = false): Promise<void> {
    const slide = slides[index];
    if (!slide) return;
    const picture = this.picture(slide, index);
    try {
      if (!picture.isHere) await picture.loaded;
    } catch {
      return this.missing(slides, index, isAgain);
    }
    if (index !== this.wanted) return;
    this.place.replaceChildren(picture.element);
    this.parts.controller.toggleAttribute("data-slide-coming", false);
    this.saying = window.setTimeout(() => (this.said.textContent = picture.element.alt), SAID_MS);
    const next = slides[index + 1];
    if (next) this.picture(next, index + 1).loaded.catch(() => {});
  }

  private picture({ file, from }: Slide, index: number): Picture {
    const known = this.pictures.get(file);
    if (known) return known;
    const image = new Image();
    image.alt = words().slide(index + 1, stamp(from));
    image.src = new URL(file, this.address).href;
    const picture: Picture = { element: image, loaded: image.decode(), isHere: false };
    this.pictures.set(file, picture);
    picture.loaded.then(
      () => (picture.isHere = true),
      () => this.pictures.delete(file),
    );
    return picture;
  }

  /** The address may have run out: once with a new one, then say so. The sound goes on meanwhile. */
  private async missing(slides: readonly Slide[], index: number, isAgain: boolean): Promise<void> {
    if (index !== this.wanted) return;
    const isRenewed = !isAgain && (await this.configs.refresh().then(() => true, () => false));
    if (index !== this.wanted) return;
    if (isRenewed) return this.show(slides, index, true);
    this.explain(words().slideFailed(index + 1));
  }

  private async read(): Promise<Slide[]> {
    let answer = await fetch(this.address).catch(() => null);
    if (answer && [401, 403, 410].includes(answer.status)) {
      await this.configs.refresh().catch(() => {});
      answer = await fetch(this.address).catch(() => null);
    }
    if (answer?.ok) return slidesWithin(readCues(await answer.text()), bounds(this.configs.current));
    this.explain(words().slidesFailed);
    throw new Error("no slides");
  }

  private get address(): URL {
    return new URL(this.configs.current.slides_url ?? "", location.href);
  }

  private explain(text: string): void {
    if (!this.renditions.isSlides) return;
    this.parts.controller.toggleAttribute("data-slide-coming", false);
    this.place.replaceChildren(); // an empty stage says less than the wrong slide
    this.notes.replaceChildren(noteBox(text, { label: words().slidesAgain, act: () => this.again() }));
  }

  private again(): void {
    this.notes.replaceChildren();
    this.wanted = -1;
    void this.slides?.catch(() => (this.slides = null)).then(() => this.follow());
  }

  private leave(): void {
    clearTimeout(this.passing);
    clearTimeout(this.saying);
    this.wanted = -1;
    this.box.hidden = true;
    this.said.textContent = "";
    this.notes.replaceChildren();
    for (const state of ["data-slides", "data-slide-coming"]) this.parts.controller.toggleAttribute(state, false);
  }
}

function element(name: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
