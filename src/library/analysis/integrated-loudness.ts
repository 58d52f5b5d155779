/** The gates of ITU-R BS.1770-5, annex 1: blocks below −70 LUFS, then blocks more than 10 LU below the mean of the rest. */
const ABSOLUTE_GATE = -70;
const RELATIVE_GATE = -10;

const power = (lufs: number) => 10 ** (lufs / 10);
const meanOf = (blocks: readonly number[]) =>
  10 * Math.log10(blocks.reduce((sum, lufs) => sum + power(lufs), 0) / blocks.length);

/**
 * Integrated loudness in LUFS from the momentary loudness of each step: blocks of 400 ms that begin every 500 ms, where
 * the standard has one every 100 ms. Null if all are silent.
 */
export function integratedLoudness(momentary: readonly number[]): number | null {
  const audible = momentary.filter((lufs) => lufs > ABSOLUTE_GATE);
  if (audible.length === 0) return null;
  const threshold = meanOf(audible) + RELATIVE_GATE;
  return Math.round(meanOf(audible.filter((lufs) => lufs > threshold)) * 10) / 10;
}
