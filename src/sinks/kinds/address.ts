import type { MappedValue } from '../mapping/mapping.ts';
import { BadSink } from '../sink-uri.ts';
import type { SinkStep } from './stream-sink-kind.ts';

/** Fills in an address template, such as `/undertone/{stream}/{value}`. */
export function addressOf(template: string, { stream }: SinkStep, { name }: MappedValue): string {
  return template.replaceAll('{stream}', stream).replaceAll('{value}', name);
}

/** @throws BadSink for braces around another word */
export function checkTemplate(template: string): void {
  const other = /\{(?!(?:stream|value)\})[^}]*\}?/.exec(template)?.[0];
  if (other !== undefined) throw new BadSink(`expected only {stream} and {value} in braces, not "${other}"`);
}
