// The little of WebVTT that captions here use: cues with times and plain text.

export interface Cue {
  from: number;
  to: number;
  text: string;
}

const TIMES = /^((?:\d+:)?\d{2}:\d{2}[.,]\d{3})\s+-->\s+((?:\d+:)?\d{2}:\d{2}[.,]\d{3})/;
const ENTITIES: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&nbsp;": " " };

const seconds = (time: string): number =>
  time.replace(",", ".").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

const plain = (text: string): string =>
  text.replace(/<[^>]*>/g, "").replace(/&(?:amp|lt|gt|nbsp);/g, (name) => ENTITIES[name] ?? name);

export function readCues(vtt: string): Cue[] {
  return vtt.replace(/\r\n?/g, "\n").split(/\n{2,}/).flatMap((block) => {
    const lines = block.split("\n");
    const at = lines.findIndex((line) => TIMES.test(line));
    const times = TIMES.exec(lines[at] ?? "");
    const text = plain(lines.slice(at + 1).join(" ")).trim();
    return times && text ? [{ from: seconds(times[1] ?? ""), to: seconds(times[2] ?? ""), text }] : [];
  });
}
