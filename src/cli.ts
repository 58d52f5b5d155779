import { Command, CommanderError } from 'commander';
import { cannotWrite } from './commands/output.ts';
import { refuseEmpty } from './commands/refuse-empty.ts';
import { UserError } from './user-error.ts';
import { VERSION } from './util/package.ts';
import { printable } from './util/printable.ts';

/** Exit codes; 0 is success. */
const FAILED = 1;
const WRONG_USAGE = 2;

/** Every command by its name, in the order of `--help`; the last ones train, evaluate and compare models. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  track: async () => (await import('./commands/track.ts')).trackCommand(),
  library: async () => (await import('./commands/library.ts')).libraryCommand(),
  next: async () => (await import('./commands/next.ts')).nextCommand(),
  set: async () => (await import('./commands/set.ts')).setCommand(),
  calibrate: async () => (await import('./commands/calibrate.ts')).calibrateCommand(),
  token: async () => (await import('./commands/token.ts')).tokenCommand(),
  export: async () => (await import('./commands/export.ts')).exportCommand(),
  import: async () => (await import('./commands/import.ts')).importCommand(),
  backup: async () => (await import('./commands/backup.ts')).backupCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  clock: async () => (await import('./commands/clock.ts')).clockCommand(),
  devices: async () => (await import('./commands/devices.ts')).devicesCommand(),
  sinks: async () => (await import('./commands/sinks.ts')).sinksCommand(),
  engine: async () => (await import('./commands/engine.ts')).engineCommand(),
  train: async () => (await import('../lab/commands/train.ts')).trainCommand(),
  'train-intervals': async () => (await import('../lab/commands/train-intervals.ts')).trainIntervalsCommand(),
  'train-forecast': async () => (await import('../lab/commands/train-forecast.ts')).trainForecastCommand(),
  distill: async () => (await import('../lab/commands/distill.ts')).distillCommand(),
  evaluate: async () => (await import('../lab/commands/evaluate.ts')).evaluateCommand(),
  compare: async () => (await import('../lab/commands/compare.ts')).compareCommand(),
  activity: async () => (await import('../lab/commands/activity.ts')).activityCommand(),
};

/** Runs the program as its own process. */
export async function main(): Promise<void> {
  // A reader that closes the pipe early (`| head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : report(cannotWrite(undefined, error)));
  });
  // The command continues when nobody reads its messages any more.
  process.stderr.on('error', () => {});
  await run(process.argv.slice(2));
}

/** Runs the command that the arguments name. Errors are printed, and set the exit code of this process. */
export async function run(args: readonly string[]): Promise<void> {
  const program = new Command('undertone')
    .description('Tracks the emotion that music expresses, as it plays.')
    .version(VERSION)
    .addHelpText('after', '\nExample:\n  $ undertone serve --source demo:')
    .showHelpAfterError('Run the command with --help to see its options.');

  // Only the command that is called is loaded; `--help` and unknown names need them all.
  const [called = ''] = args;
  const loaded = Object.hasOwn(COMMANDS, called) ? [COMMANDS[called]!] : Object.values(COMMANDS);
  for (const command of await Promise.all(loaded.map((load) => load()))) program.addCommand(command);

  for (const command of [program, ...program.commands.flatMap((c) => [c, ...c.commands])]) {
    command.exitOverride();
    refuseEmpty(command);
  }

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error);
  }
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
