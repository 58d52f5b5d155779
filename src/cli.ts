import { Command, CommanderError } from 'commander';
import { backupCommand } from './commands/backup.ts';
import { devicesCommand } from './commands/devices.ts';
import { doctorCommand } from './commands/doctor.ts';
import { engineCommand } from './commands/engine.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { nextCommand } from './commands/next.ts';
import { cannotWrite } from './commands/output.ts';
import { serveCommand } from './commands/serve.ts';
import { tokenCommand } from './commands/token.ts';
import { trackCommand } from './commands/track.ts';
import { UserError } from './user-error.ts';
import { VERSION } from './util/package.ts';

/** Exit codes: 0 fine, 1 failed, 2 wrong usage. */
const FAILED = 1;
const WRONG_USAGE = 2;

const program = new Command('undertone')
  .description('Tracks the emotion that music expresses, as it plays.')
  .version(VERSION)
  .addHelpText('after', '\nExample:\n  $ undertone serve --source demo:')
  .showHelpAfterError('Add --help to see what is expected.');

for (const command of [
  serveCommand(),
  trackCommand(),
  nextCommand(),
  tokenCommand(),
  exportCommand(),
  importCommand(),
  backupCommand(),
  doctorCommand(),
  devicesCommand(),
  engineCommand(),
]) {
  program.addCommand(command);
}

/** Commands that train, evaluate and compare models: loaded only when they are called. */
const LAB_COMMANDS = {
  train: async () => (await import('../lab/commands/train.ts')).trainCommand(),
  patches: async () => (await import('../lab/commands/patches.ts')).patchesCommand(),
  evaluate: async () => (await import('../lab/commands/evaluate.ts')).evaluateCommand(),
  compare: async () => (await import('../lab/commands/compare.ts')).compareCommand(),
  activity: async () => (await import('../lab/commands/activity.ts')).activityCommand(),
};
const [called] = process.argv.slice(2);
if (!program.commands.some((command) => command.name() === called))
  for (const load of Object.values(LAB_COMMANDS)) program.addCommand(await load());

for (const command of [program, ...program.commands.flatMap((c) => [c, ...c.commands])])
  command.exitOverride();

// A reader that closes the pipe early (`| head`) has seen enough.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  process.exit(fault.code === 'EPIPE' ? 0 : report(cannotWrite(undefined, fault)));
});
// Whoever read the messages may go; what runs goes on.
process.stderr.on('error', () => {});

try {
  await program.parseAsync();
} catch (fault) {
  process.exitCode = report(fault);
}

/** Says one sentence about the fault; returns the exit code. Only our own faults show where they arose. */
function report(fault: unknown): number {
  if (fault instanceof CommanderError) return fault.exitCode === 0 ? 0 : WRONG_USAGE; // it has spoken already
  if (fault instanceof UserError) {
    process.stderr.write(`undertone: ${fault.message}\n`);
    return fault.code === 'usage' ? WRONG_USAGE : FAILED;
  }
  process.stderr.write(`undertone: this is a fault of the program, please report it:\n`);
  console.error(fault);
  return FAILED;
}
