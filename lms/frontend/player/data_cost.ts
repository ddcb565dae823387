// What an hour of a rendition costs in data, as people on a metered line count it.

const BYTES = 1_000_000;

/** Whole megabytes an hour of so many bits a second; two leading digits are all an average can promise. */
export function megabytesAnHour(bitrate: number): number {
  const megabytes = (bitrate / 8) * 3600 / BYTES;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(megabytes, 1))) - 1);
  return Math.max(1, Math.round(megabytes / step) * step);
}
