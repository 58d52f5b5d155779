import type { Difference, NextReason, Point } from '../answers.ts';
import { camelot } from '../music/musical-key.ts';
import type { LibraryTrack } from '../store/library-track.ts';
import type { Arc } from './arc.ts';
import type { Fit, Playing } from './fit.ts';

/** Below this cost an opening is where the forecast points; below the second, near it. */
const AT_FORECAST = 0.3;
const NEAR_FORECAST = 1;
/** Differences below this are not worth a word. */
const NOTABLE = 0.1;

/** Why a track is where it is in the list; the strongest point first. */
export function reasonsFor(
  playing: Playing,
  track: LibraryTrack,
  fit: Fit,
  arc: Arc | undefined,
  within: number | undefined,
): NextReason[] {
  return [
    openingReason(playing, track, fit),
    ...(within === undefined ? [] : [{ code: 'within-tolerance', tolerance: within } as const]),
    ...(arc ? [endingReason(track, fit, arc)] : []),
    ...tempoReason(track, fit),
    ...keyReason(playing, track, fit),
    ...(fit.sameArtist ? [{ code: 'same-artist' } as const] : []),
  ];
}

function openingReason({ reading }: Playing, { opening }: LibraryTrack, { continuity }: Fit): NextReason {
  const differences = differencesOf(opening, reading.forecast.at(-1) ?? reading);
  if (continuity < AT_FORECAST) return { code: 'opens-at-forecast' };
  if (continuity < NEAR_FORECAST) return { code: 'opens-near-forecast', differences };
  return differences.length > 0 ? { code: 'opens-off-forecast', differences } : { code: 'opening-uncertain' };
}

function endingReason({ ending, seconds }: LibraryTrack, { direction }: Fit, arc: Arc): NextReason {
  const differences = differencesOf(ending, arc(seconds));
  const { valence, arousal } = ending;
  const near = direction < NEAR_FORECAST ? 'ends-near-wish' : 'ends-off-wish';
  return { code: differences.length === 0 ? 'ends-as-wished' : near, valence, arousal, differences };
}

/** Empty for points that are close. */
function differencesOf(from: Point, to: Point): Difference[] {
  const [valence, arousal] = [from.valence - to.valence, from.arousal - to.arousal];
  const found: Difference[] = [];
  if (Math.abs(arousal) >= NOTABLE) found.push(arousal > 0 ? 'livelier' : 'calmer');
  if (Math.abs(valence) >= NOTABLE) found.push(valence > 0 ? 'brighter' : 'darker');
  return found;
}

function tempoReason({ bpm, bpmFrom }: LibraryTrack, { tempo: { ratio, multiple } }: Fit): NextReason[] {
  if (bpm === null || ratio === null) return [];
  const percent = Math.sign(ratio - 1) * Math.round(Math.abs(ratio - 1) * 100);
  return [
    {
      code: 'tempo',
      bpm: Math.round(bpm),
      estimated: bpmFrom === 'estimate',
      percent: percent + 0,
      multiple,
    },
  ];
}

function keyReason(
  { track }: Playing,
  { key, keyFrom }: LibraryTrack,
  { key: { steps } }: Fit,
): NextReason[] {
  if (steps === null || !key || !track?.key) return [];
  const estimated = keyFrom === 'estimate';
  return [{ code: 'key', from: camelot(track.key), to: camelot(key), estimated, steps }];
}
