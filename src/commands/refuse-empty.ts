import type { Command } from 'commander';

/** An empty `--midi-in` opens a virtual port. */
const MAY_BE_EMPTY: readonly unknown[] = ['--midi-in'];
const INVALID = { code: 'commander.invalidArgument' };

/**
 * Refuses empty values, as an unset variable of a shell gives: one would stand for the current folder, or for something
 * without a name. What an option's own parser refuses keeps its message.
 */
export function refuseEmpty(command: Command): void {
  for (const option of command.options) {
    if (!option.required || MAY_BE_EMPTY.includes(option.long)) continue;
    const remedy = option.mandatory ? 'give one.' : 'give one, or omit the option.';
    command.on(`option:${option.name()}`, (value) => {
      if (value === '')
        command.error(`error: option '${option.flags}' has an empty value: ${remedy}`, INVALID);
    });
  }
  command.hook('preAction', (_, action) => {
    const index = action.args.indexOf('');
    if (index < 0) return;
    const named = action.registeredArguments[index] ?? action.registeredArguments.at(-1);
    action.error(`error: argument '${named?.name()}' is empty: give one.`, INVALID);
  });
}
