// What an hour of a rendition costs in data, as people on a metered line count it.

const BYTES = 1_000_000;

/** Whole megabytes an hour of so many bits a second; two leading digits are all an average can promise. */
export function megabytesAnHour(bitrate: number): number {
  const megabytes = (bitrate / 8) * 3600 / BYTES;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(megabytes, 1))) - 1);
  return Math.max(1, Math.round(megabytes / step) * step);
}

/** Megabytes an hour by name of a rendition, as the server measured them (`config.data_per_hour`). */
export type Costs = Record<string, number>;

/** Bits a second of so many megabytes an hour; 0 for what nobody measured. */
export function bitsOf(megabytes = 0): number {
  return (megabytes * BYTES * 8) / 3600;
}
