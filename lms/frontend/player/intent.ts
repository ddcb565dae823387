// What counts as wanting to watch. Play loads the stream by itself; so does moving, and a hand near the
// button already brings the loader.
import type { ConfigSource } from "./config";
import type { Parts } from "./controls";
import { listen } from "./keyboard";
import type { StreamSource } from "./source";
import { steer } from "./steering";

export function watchIntent(parts: Parts, configs: ConfigSource, source: StreamSource, sample: () => void): void {
  listen(parts.controller, (action) => {
    steer(parts, configs.current, action, sample);
    if (["skip", "jump", "chapter"].includes(action.do)) void source.begin();
  });
  parts.controller.addEventListener("mediaseekrequest", () => void source.begin());
  for (const button of parts.controller.querySelectorAll("media-play-button")) {
    for (const name of ["pointerenter", "touchstart", "focus"]) {
      button.addEventListener(name, () => source.warm(), { once: true, passive: true });
    }
  }
}
