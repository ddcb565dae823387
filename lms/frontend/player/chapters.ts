// Chapters of the lecture: marks on the bar, a list that follows, and the one that begins is said.
import type { Chapter } from "./config";
import { stamp } from "./times";

/** Index of the chapter a second lies in; -1 before the first. */
export function chapterAt(chapters: readonly Chapter[], position: number): number {
  return chapters.filter(({ start_seconds }) => start_seconds <= position).length - 1;
}

/** media-chrome divides its bar, and names what the pointer is over, by the cues of a chapters track. */
export function markOnBar(video: HTMLVideoElement, chapters: readonly Chapter[], duration: number): void {
  if (!chapters.length) return;
  const track = video.addTextTrack("chapters", "chapters");
  chapters.forEach(({ start_seconds, title }, index) => {
    track.addCue(new VTTCue(start_seconds, chapters[index + 1]?.start_seconds ?? duration, title));
  });
}

export class ChapterList {
  private current = -1;
  private readonly buttons: HTMLButtonElement[];

  constructor(
    box: HTMLElement,
    private readonly chapters: readonly Chapter[],
    private readonly onChapter: (title: string) => void,
    jump: (seconds: number) => void,
  ) {
    this.buttons = chapters.map(({ start_seconds, title }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "cue";
      const time = document.createElement("time");
      time.textContent = stamp(start_seconds);
      const name = document.createElement("span");
      name.textContent = title;
      button.append(time, name);
      button.addEventListener("click", () => jump(start_seconds));
      return button;
    });
    const list = box.querySelector("ol");
    list?.replaceChildren(
      ...this.buttons.map((button) => {
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
    box.hidden = chapters.length === 0;
  }

  follow(position: number): void {
    const index = chapterAt(this.chapters, position);
    if (index === this.current) return;
    this.current = index;
    this.buttons.forEach((button, at) => {
      button.classList.toggle("on", at === index);
      if (at === index) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
    this.onChapter(this.chapters[index]?.title ?? "");
  }
}
