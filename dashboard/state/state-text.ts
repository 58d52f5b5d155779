import type { StreamInfo } from '../../src/types.ts';
import { language, t } from './i18n.ts';

/** Why a stream is not running: the server's sentence, and what it is made of. */
export type StateReason = Pick<StreamInfo, 'message' | 'because'>;

/** Why a stream is not running, in the language of the page; null if nothing is known. */
export function stateText({ message, because }: StateReason): string | null {
  if (language() === 'en' && message !== null) return message;
  if (because !== undefined && because !== 'failed') return t(`stopped.${because}`);
  return message;
}
