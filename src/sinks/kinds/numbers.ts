import type { ValueOptions } from '../mapping/mapping.ts';
import { SINK_VALUES } from '../mapping/values.ts';
import { BadSink } from '../sink-uri.ts';

/** Checks that all values are single numbers, for receivers that know nothing else. @throws BadSink */
export function checkNumbers(values: readonly ValueOptions[]): void {
  for (const { value } of values) {
    if (!SINK_VALUES.get(value)?.range) throw new BadSink(`expected numbers only: ${value} is a word`);
    if (/^forecast\/[\d.]+$/.test(value))
      throw new BadSink(`expected one axis, such as "${value}/arousal", not "${value}"`);
  }
}
