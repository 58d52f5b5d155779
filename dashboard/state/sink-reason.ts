import type { SinkState } from '../../src/client/index.ts';
import { faultText } from './fault-text.ts';
import { language } from './i18n.ts';

export type SinkReason = Pick<SinkState, 'message' | 'reasonCode' | 'reasonValues'>;

/** Why a sink is down, in the language of the page where the server gives a code; else its words. */
export function sinkReason({ message, reasonCode, reasonValues = {} }: SinkReason): string {
  // A code of the system, such as `ECONNREFUSED`, is the whole message: it needs words in English, too.
  const asItIs = reasonCode === undefined || (language() === 'en' && message !== reasonCode);
  return (asItIs ? null : faultText([`sinkDown.${reasonCode}`], reasonValues)) ?? message ?? '';
}
