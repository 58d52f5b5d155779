import type { ReasonValues } from '../../src/types.ts';
import { fixed } from './format.ts';
import { hasMessage, t } from './i18n.ts';

/**
 * An error in words, by its code and values: `http-status` with `{ status: 404 }`. `values.reason` distinguishes errors
 * of the same code. Null if the page has no words for it.
 *
 * @param group the beginning of the messages' keys
 */
export function faultText(group: 'fault' | 'sinkDown', code: string, values: ReasonValues): string | null {
  const key = [`${group}.${code}.${values.reason}`, `${group}.${code}`].find(hasMessage);
  if (key === undefined) return null;
  const shown = Object.entries(values).map(([name, value]) => [
    name,
    name === 'seconds' ? spanOf(value) : value,
  ]);
  try {
    return t(key, Object.fromEntries(shown));
  } catch {
    return null; // A value that the words need is missing: the server is older or newer than the page.
  }
}

const spanOf = (seconds: string | number): string | number =>
  typeof seconds === 'number' ? fixed(seconds, Number.isInteger(seconds) ? 0 : 1) : seconds;
