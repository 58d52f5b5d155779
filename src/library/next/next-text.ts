import { moodOf } from '../../mood.ts';
import { textTable } from '../../util/text-table.ts';
import type { NextCandidate } from '../answers.ts';
import { minutes, signed } from '../text.ts';
import { trackName } from '../track-summary.ts';
import type { Playing } from './fit.ts';

/** The text output of `undertone next` from a library: where the music is, and the candidates with their reasons. */
export function nextText(name: string, { reading }: Playing, candidates: readonly NextCandidate[]): string {
  const { valence, arousal } = reading;
  const head = `${name} ends at valence ${signed(valence)}, arousal ${signed(arousal)} (${moodOf(valence, arousal)})`;
  const rows = candidates.map((one) => [
    one.score.toFixed(2),
    one.bpm === null ? '' : String(Math.round(one.bpm)),
    one.camelot ?? '',
    minutes(one.seconds),
    trackName(one),
    one.reasons.join('; '),
  ]);
  return [
    head,
    '',
    textTable([['score', 'bpm', 'key', 'length', 'track', 'why'], ...rows], { align: 'rrrrl' }),
  ].join('\n');
}
