// Lock screen, headset and keyboard media keys.
import { turned } from "./chapters";
import { type PlayerConfig, bounds } from "./config";

const SKIP_SECONDS = 10;

export function announceMedia(video: HTMLVideoElement, config: PlayerConfig): void {
  const session = navigator.mediaSession;
  if (!session) return;
  const artwork = config.poster_url ? [{ src: config.poster_url }] : [];
  session.metadata = new MediaMetadata({ title: config.title, artist: config.lecturer ?? "", album: config.course ?? "", artwork });
  const skip = (seconds: number) => {
    const [from, to] = bounds(config);
    video.currentTime = Math.min(Math.max(video.currentTime + seconds, from), to - 1);
  };
  session.setActionHandler("seekbackward", () => skip(-SKIP_SECONDS));
  session.setActionHandler("seekforward", () => skip(SKIP_SECONDS));
  const chapters = config.chapters ?? [];
  const turn = (by: number) => {
    const start = turned(chapters, video.currentTime, by);
    if (start !== null) video.currentTime = start;
  };
  if (chapters.length) {
    session.setActionHandler("previoustrack", () => turn(-1));
    session.setActionHandler("nexttrack", () => turn(1));
  }
  session.setActionHandler("seekto", ({ seekTime }) => {
    if (seekTime !== undefined) video.currentTime = seekTime;
  });
}
