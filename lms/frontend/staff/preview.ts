// The staff's preview of a video: the browser's own controls, no record of what is watched.
const video = document.querySelector<HTMLVideoElement>("video[data-manifest]");

async function play(target: HTMLVideoElement, manifest: string): Promise<void> {
  const { default: Hls } = await import("hls.js");
  if (Hls.isSupported()) {
    const hls = new Hls({ capLevelToPlayerSize: true });
    hls.loadSource(manifest);
    hls.attachMedia(target);
  } else {
    target.src = manifest;
  }
}

if (video?.dataset.manifest) void play(video, video.dataset.manifest);
