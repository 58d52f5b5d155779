import { UserError } from '../../src/user-error.ts';
import type { System } from './system.ts';
import { BASELINE_SYSTEMS } from './systems/baselines.ts';
import { CLASSICAL_SYSTEMS } from './systems/classical.ts';
import { constant, persistence } from './systems/constant.ts';
import { undertone } from './systems/undertone.ts';

/** All systems, in the order of the tables' rows: from hearing nothing to what this project uses. */
export const SYSTEMS: readonly System[] = [
  constant,
  persistence,
  ...CLASSICAL_SYSTEMS,
  ...BASELINE_SYSTEMS,
  undertone,
];

/** @throws UserError `unknown-system` with the names there are */
export function systemsNamed(names: readonly string[]): System[] {
  const unknown = names.find((name) => !SYSTEMS.some((system) => system.name === name));
  if (unknown === undefined) return SYSTEMS.filter(({ name }) => names.includes(name));
  throw new UserError(
    'unknown-system',
    `There is no system "${unknown}"; choose from ${SYSTEMS.map(({ name }) => name).join(', ')}.`,
  );
}
