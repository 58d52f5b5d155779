import { UserError } from '../../../src/user-error.ts';
import type { System } from '../system.ts';
import { BASELINE_SYSTEMS } from './baselines.ts';
import { CLASSICAL_SYSTEMS } from './classical.ts';
import { constant, persistence } from './references.ts';
import { undertone } from './undertone.ts';

/** All systems in the order of table rows: references, classical methods, baselines, and the default model. */
export const SYSTEMS: readonly System[] = [
  constant,
  persistence,
  ...CLASSICAL_SYSTEMS,
  ...BASELINE_SYSTEMS,
  undertone,
];

/** @throws UserError `unknown-system` that lists the known names */
export function systemsNamed(names: readonly string[]): System[] {
  const unknown = names.find((name) => !SYSTEMS.some((system) => system.name === name));
  if (unknown === undefined) return SYSTEMS.filter(({ name }) => names.includes(name));
  throw new UserError(
    'unknown-system',
    `There is no system "${unknown}"; choose from ${SYSTEMS.map(({ name }) => name).join(', ')}.`,
  );
}
