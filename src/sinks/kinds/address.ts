import type { MappedValue } from '../mapping/mapping.ts';
import { BadSink } from '../sink-uri.ts';
import type { SinkStep } from './stream-sink-kind.ts';

/** Fills in an address template, such as `/undertone/{stream}/{value}`. */
export const fillTemplate = (template: string, stream: string, value: string): string =>
  template.replaceAll('{stream}', stream).replaceAll('{value}', value);

/** The address of a value: its own, or that of the sink. */
export const addressOf = (template: string, { stream }: SinkStep, { name, as }: MappedValue): string =>
  fillTemplate(as ?? template, stream, name);

/** @throws BadSink for braces around another word */
export function checkTemplate(template: string): void {
  const other = /\{(?!(?:stream|value)\})[^}]*\}?/.exec(template)?.[0];
  if (other !== undefined) throw new BadSink(`expected only {stream} and {value} in braces, not "${other}"`);
}
