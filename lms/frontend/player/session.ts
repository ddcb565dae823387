// Lock screen, headset and keyboard media keys.
import { chapterAt } from "./chapters";
import type { PlayerConfig } from "./config";

const SKIP_SECONDS = 10;

export function announceMedia(video: HTMLVideoElement, config: PlayerConfig): void {
  const session = navigator.mediaSession;
  if (!session) return;
  const artwork = config.poster_url ? [{ src: config.poster_url }] : [];
  session.metadata = new MediaMetadata({ title: config.title, artist: config.lecturer ?? "", album: config.course ?? "", artwork });
  const skip = (seconds: number) => {
    video.currentTime = Math.min(Math.max(video.currentTime + seconds, 0), config.duration_seconds - 1);
  };
  session.setActionHandler("seekbackward", () => skip(-SKIP_SECONDS));
  session.setActionHandler("seekforward", () => skip(SKIP_SECONDS));
  const chapters = config.chapters ?? [];
  const turn = (by: number) => {
    const chapter = chapters[chapterAt(chapters, video.currentTime) + by];
    if (chapter) video.currentTime = chapter.start_seconds;
  };
  if (chapters.length) {
    session.setActionHandler("previoustrack", () => turn(-1));
    session.setActionHandler("nexttrack", () => turn(1));
  }
  session.setActionHandler("seekto", ({ seekTime }) => {
    if (seekTime !== undefined) video.currentTime = seekTime;
  });
}
