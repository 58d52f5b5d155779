import audioType from 'audio-type';
import { fourCc } from './byte-buffer.ts';

/** Enough for every format's signature, tags apart. */
export const HEAD_BYTES = 4096;

/** The name under which `audio-decode` knows the format; `wav` for all of its relatives. */
export function detectType(head: Uint8Array): string | undefined {
  if (head.length >= 12 && fourCc(head, 8) === 'WAVE' && ['RIFF', 'RF64', 'BW64'].includes(fourCc(head, 0))) {
    return 'wav';
  }
  // A copy: audio-type looks at the whole underlying buffer, wherever a view into it begins.
  return audioType(head.slice());
}
