import type { ReasonValues } from '../../src/types.ts';
import { fixed } from './format.ts';
import { hasMessage, t } from './i18n.ts';

/** The first of `keys` that the page has words for, with the values of an error; null if there is none. */
export function faultText(keys: readonly string[], values: ReasonValues): string | null {
  const key = keys.find(hasMessage);
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
