import type { Point } from '../answers.ts';
import { camelot } from '../music/musical-key.ts';
import type { LibraryTrack } from '../store/library-track.ts';
import { signed } from '../text.ts';
import type { Arc } from './arc.ts';
import type { Fit, Playing } from './fit.ts';

/** Below this cost an opening is where the forecast points; below the second, near it. */
const AT_FORECAST = 0.3;
const NEAR_FORECAST = 1;
/** Differences below this are not worth a word. */
const NOTABLE = 0.1;

/** Why a track is where it is in the list, in words; the strongest point first. */
export function reasonsFor(
  playing: Playing,
  track: LibraryTrack,
  fit: Fit,
  arc: Arc | undefined,
  within: number | undefined,
): string[] {
  const reasons = [openingReason(playing, track, fit)];
  if (within !== undefined) reasons.push(`first emotion within ±${within} of the forecast`);
  if (arc) reasons.push(directionReason(track, fit, arc));
  const tempo = tempoReason(track, fit);
  if (tempo) reasons.push(tempo);
  const key = keyReason(playing, track, fit);
  if (key) reasons.push(key);
  if (fit.sameArtist) reasons.push('the same artist as now');
  return reasons;
}

function openingReason({ reading }: Playing, { opening }: LibraryTrack, { continuity }: Fit): string {
  const heading = reading.forecast.at(-1) ?? reading;
  if (continuity < AT_FORECAST) return 'opens where the music is heading';
  const way = differenceWords(opening, heading);
  if (continuity < NEAR_FORECAST)
    return way ? `opens near it: ${way}` : 'opens near where the music is heading';
  return way ? `opens ${way} than the music is heading` : 'its opening is uncertain';
}

function directionReason({ ending, seconds }: LibraryTrack, { direction }: Fit, arc: Arc): string {
  const way = differenceWords(ending, arc(seconds));
  const end = `ends at valence ${signed(ending.valence)}, arousal ${signed(ending.arousal)}`;
  if (!way) return `${end}, as wished`;
  return direction < NEAR_FORECAST ? `${end}, near the wish` : `${end}, ${way} than wished`;
}

/** `calmer and brighter`; empty for points that are close. */
function differenceWords(from: Point, to: Point): string {
  const [valence, arousal] = [from.valence - to.valence, from.arousal - to.arousal];
  const words: string[] = [];
  if (Math.abs(arousal) >= NOTABLE) words.push(arousal > 0 ? 'livelier' : 'calmer');
  if (Math.abs(valence) >= NOTABLE) words.push(valence > 0 ? 'brighter' : 'darker');
  return words.join(' and ');
}

function tempoReason(
  { bpm, bpmFrom }: LibraryTrack,
  { tempo: { ratio, multiple } }: Fit,
): string | undefined {
  if (bpm === null || ratio === null) return undefined;
  const shown = `${bpmFrom === 'estimate' ? 'about ' : ''}${Math.round(bpm)} BPM`;
  const percent = Math.round(Math.abs(ratio - 1) * 100);
  const change = percent === 0 ? 'same tempo' : `${percent} % ${ratio > 1 ? 'faster' : 'slower'}`;
  const at = multiple === 1 ? '' : `, at ${multiple === 2 ? 'double' : 'half'} time`;
  return `${shown}, ${change}${at}`;
}

function keyReason(
  { track }: Playing,
  { key, keyFrom }: LibraryTrack,
  { key: { steps } }: Fit,
): string | undefined {
  if (steps === null || !key || !track?.key) return undefined;
  const shown = `${keyFrom === 'estimate' ? 'probably ' : ''}${camelot(key)}`;
  if (steps === 0) return `same key (${shown})`;
  if (steps === 1) return `neighboring key (${camelot(track.key)} to ${shown})`;
  return `key ${shown} is ${steps} steps from ${camelot(track.key)}`;
}
