import { Command, CommanderError } from 'commander';
import { backupCommand } from './commands/backup.ts';
import { calibrateCommand } from './commands/calibrate.ts';
import { clockCommand } from './commands/clock.ts';
import { devicesCommand } from './commands/devices.ts';
import { doctorCommand } from './commands/doctor.ts';
import { engineCommand } from './commands/engine.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { libraryCommand } from './commands/library.ts';
import { nextCommand } from './commands/next.ts';
import { cannotWrite } from './commands/output.ts';
import { serveCommand } from './commands/serve.ts';
import { setCommand } from './commands/set.ts';
import { sinksCommand } from './commands/sinks.ts';
import { tokenCommand } from './commands/token.ts';
import { trackCommand } from './commands/track.ts';
import { UserError } from './user-error.ts';
import { VERSION } from './util/package.ts';
import { printable } from './util/printable.ts';

/** Exit codes; 0 is success. */
const FAILED = 1;
const WRONG_USAGE = 2;

const program = new Command('undertone')
  .description('Tracks the emotion that music expresses, as it plays.')
  .version(VERSION)
  .addHelpText('after', '\nExample:\n  $ undertone serve --source demo:')
  .showHelpAfterError('Run the command with --help to see its options.');

for (const command of [
  serveCommand(),
  trackCommand(),
  libraryCommand(),
  nextCommand(),
  setCommand(),
  calibrateCommand(),
  tokenCommand(),
  exportCommand(),
  importCommand(),
  backupCommand(),
  doctorCommand(),
  clockCommand(),
  devicesCommand(),
  sinksCommand(),
  engineCommand(),
]) {
  program.addCommand(command);
}

// Commands that train, evaluate and compare models are not loaded when another command is called.
const [called] = process.argv.slice(2);
if (!program.commands.some((command) => command.name() === called))
  for (const command of await loadLabCommands()) program.addCommand(command);

for (const command of [program, ...program.commands.flatMap((c) => [c, ...c.commands])])
  command.exitOverride();

// A reader that closes the pipe early (`| head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : report(cannotWrite(undefined, error)));
});
// The command continues when nobody reads its messages any more.
process.stderr.on('error', () => {});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

async function loadLabCommands(): Promise<Command[]> {
  const [train, forecast, distill, evaluate, compare, activity] = await Promise.all([
    import('../lab/commands/train.ts'),
    import('../lab/commands/train-forecast.ts'),
    import('../lab/commands/distill.ts'),
    import('../lab/commands/evaluate.ts'),
    import('../lab/commands/compare.ts'),
    import('../lab/commands/activity.ts'),
  ]);
  return [
    train.trainCommand(),
    forecast.trainForecastCommand(),
    distill.distillCommand(),
    evaluate.evaluateCommand(),
    compare.compareCommand(),
    activity.activityCommand(),
  ];
}

/** Prints an error as one sentence, internal errors with their stack; returns the exit code. */
function report(error: unknown): number {
  // Commander has printed its own errors already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
  if (error instanceof UserError) {
    process.stderr.write(`undertone: ${printable(error.message)}\n`);
    return error.code === 'usage' ? WRONG_USAGE : FAILED;
  }
  process.stderr.write('undertone: internal error, please report it:\n');
  console.error(error);
  return FAILED;
}
