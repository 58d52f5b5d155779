import { InvalidArgumentError } from 'commander';

/** Parses an option's value for commander. */
export function positiveInteger(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new InvalidArgumentError('A whole number of at least 1 is expected.');
  }
  return number;
}
