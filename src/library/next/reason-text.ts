import type { Difference, NextReason } from '../answers.ts';
import { signed } from '../text.ts';

/** A reason in English words. */
export function reasonText(reason: NextReason): string {
  switch (reason.code) {
    case 'opens-at-forecast':
      return 'opens where the music is heading';
    case 'opens-near-forecast':
      return reason.differences.length > 0
        ? `opens near it: ${words(reason.differences)}`
        : 'opens near where the music is heading';
    case 'opens-off-forecast':
      return `opens ${words(reason.differences)} than the music is heading`;
    case 'opening-uncertain':
      return 'its opening is uncertain';
    case 'within-tolerance':
      return `first emotion within ±${reason.tolerance} of the forecast`;
    case 'ends-as-wished':
      return `${endText(reason)}, as wished`;
    case 'ends-near-wish':
      return `${endText(reason)}, near the wish`;
    case 'ends-off-wish':
      return `${endText(reason)}, ${words(reason.differences)} than wished`;
    case 'tempo':
      return tempoText(reason);
    case 'key':
      return keyText(reason);
    case 'same-artist':
      return 'the same artist as now';
  }
}

type ReasonOf<Field extends string> = Extract<NextReason, Readonly<Record<Field, unknown>>>;

const words = (differences: readonly Difference[]): string => differences.join(' and ');

const endText = ({ valence, arousal }: ReasonOf<'valence'>): string =>
  `ends at valence ${signed(valence)}, arousal ${signed(arousal)}`;

function tempoText({ bpm, estimated, percent, multiple }: ReasonOf<'bpm'>): string {
  const change = percent === 0 ? 'same tempo' : `${Math.abs(percent)} % ${percent > 0 ? 'faster' : 'slower'}`;
  const at = multiple === 1 ? '' : `, at ${multiple === 2 ? 'double' : 'half'} time`;
  return `${estimated ? 'about ' : ''}${bpm} BPM, ${change}${at}`;
}

function keyText({ from, to, estimated, steps }: ReasonOf<'steps'>): string {
  const shown = `${estimated ? 'probably ' : ''}${to}`;
  if (steps === 0) return `same key (${shown})`;
  return steps === 1
    ? `neighboring key (${from} to ${shown})`
    : `key ${shown} is ${steps} steps from ${from}`;
}
