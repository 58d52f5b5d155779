import type { StreamInfo } from '../../src/types.ts';
import { faultText } from './fault-text.ts';
import { language, t } from './i18n.ts';

/** Why a stream is not running: the server's sentence, and what it is made of. */
export type StateReason = Pick<StreamInfo, 'message' | 'because' | 'code' | 'values'>;

/** Loss of a source that nothing is tried against: it is the sender's turn. */
const PASSIVE = 'sender-silent';

/**
 * Why a stream is not running in a few words of the page's language, English too; null if the page has none. The server's
 * own sentence, with addresses and advice, is too long for a tile.
 */
export function stateWords({ because, code, values = {} }: StateReason): string | null {
  if (because !== undefined && because !== 'failed') return t(`stopped.${because}`);
  // `values.reason` distinguishes errors of the same code.
  const keys = code === undefined ? [] : [`fault.${code}.${values.reason}`, `fault.${code}`];
  return faultText(keys, values);
}

/**
 * Why a stream is not running, in the language of the page; the server's own sentence, which knows more, in English and
 * where the page has no words for it; null if nothing is known.
 */
export function stateText(reason: StateReason): string | null {
  const { message, because, code, values = {} } = reason;
  if (language() === 'en' && message !== null) return message;
  const words = stateWords(reason);
  if (words === null) return message;
  if (because !== undefined || code === PASSIVE) return words;
  return values.next === undefined
    ? t('fault.again', { fault: words })
    : t('fault.next', { fault: words, next: values.next });
}
