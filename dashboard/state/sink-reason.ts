import type { SinkState } from '../../src/client/index.ts';
import { faultText } from './fault-text.ts';
import { language } from './i18n.ts';

export type SinkReason = Pick<SinkState, 'message' | 'reasonCode' | 'reasonValues'>;

/** A code of the system: `ECONNREFUSED`. It is words in English too. */
const SYSTEM = /E[A-Z_]+$/;

/** Why a sink is down, in the language of the page where the server gives a code; else its words. */
export function sinkReason({ message, reasonCode, reasonValues = {} }: SinkReason): string {
  // Older servers have a code of the system in the message only.
  const [known = reasonCode] = SYSTEM.exec(message ?? '') ?? [];
  const asItIs = known === undefined || (language() === 'en' && !SYSTEM.test(known));
  return (asItIs ? null : faultText([`sinkDown.${known}`], reasonValues)) ?? message ?? '';
}
