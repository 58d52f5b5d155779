import type { NextReason } from '../../src/client/index.ts';
import { listed } from './format.ts';
import { t } from './i18n.ts';

/** A reason for a next track in the language of the page; undefined for those that only a target brings. */
export function nextReasonText(reason: NextReason): string | undefined {
  switch (reason.code) {
    case 'opens-near-forecast':
    case 'opens-off-forecast':
      return reason.differences.length === 0
        ? t('why.opens-near')
        : t(`why.${reason.code}`, { differences: listed(reason.differences.map((one) => t(`why.${one}`))) });
    case 'opens-at-forecast':
    case 'opening-uncertain':
    case 'same-artist':
      return t(`why.${reason.code}`);
    case 'tempo': {
      const { bpm, estimated, percent, multiple } = reason;
      return t('why.tempo', {
        ...{ bpm, percent: Math.abs(percent), estimated: String(estimated) },
        change: percent === 0 ? 'same' : percent > 0 ? 'faster' : 'slower',
        time: multiple === 1 ? 'same' : multiple === 2 ? 'double' : 'half',
      });
    }
    case 'key': {
      const { from, to, estimated, steps } = reason;
      return t('why.key', { from, to, steps, estimated: String(estimated) });
    }
    default:
      return undefined;
  }
}
