import type { AlertRule } from './rule.ts';

/** A rule as a sentence. */
export function describe(rule: AlertRule): string {
  switch (rule.when) {
    case 'valence':
    case 'arousal': {
      const side = rule.over === undefined ? `under ${rule.under}` : `over ${rule.over}`;
      return `${rule.when === 'valence' ? 'Valence' : 'Arousal'} was ${side} for ${rule.for}.`;
    }
    case 'silence':
      return `There was silence for ${rule.for}.`;
    case 'speech':
      return `There was speech for ${rule.for}.`;
    case 'source-lost':
      return 'The source was lost.';
    case 'change': {
      const what = rule.axis === 'both' ? 'The emotion' : rule.axis === 'valence' ? 'Valence' : 'Arousal';
      return `${what} changed by more than ${rule.over} a second over ${rule.within}.`;
    }
  }
}
