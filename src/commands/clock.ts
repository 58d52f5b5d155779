import { Command } from 'commander';
import { textTable } from '../util/text-table.ts';
import { type LogFlags, logFileIn, positiveInteger, withLogOptions } from './arguments.ts';

interface ClockFlags extends LogFlags {
  readonly correct?: number;
  readonly json?: boolean;
}

/** `undertone clock`: lists the changes of the clock that the log recorded, and corrects the times before one. */
export function clockCommand(): Command {
  const command = new Command('clock')
    .description('List the recorded changes of the clock, or correct what was recorded before one.')
    .option(
      '--correct <change>',
      'move the times recorded before this change by its seconds; stop the server first',
      positiveInteger,
    )
    .option('--json', 'print JSON');
  return withLogOptions(command)
    .addHelpText(
      'after',
      '\nA computer that starts with a wrong clock records wrong times until the clock is set. "--correct" moves these\ntimes, back to the start of the server or the change before. Make a backup first.\n\nExamples:\n  $ undertone clock\n  $ undertone clock --correct 3',
    )
    .action(run);
}

async function run(flags: ClockFlags): Promise<void> {
  if (flags.correct === undefined) await list(flags);
  else await correct(flags, flags.correct);
}

async function list({ dataDir, passphraseFile, json }: ClockFlags): Promise<void> {
  const [{ openReadOnly }, { refuseOlder }, { ClockLine }, { readPassphrase }, { spanText }] =
    await Promise.all([
      import('../log/database.ts'),
      import('../log/migrations.ts'),
      import('../log/clock/clock-line.ts'),
      import('../log/passphrase.ts'),
      import('../util/duration.ts'),
    ]);
  const file = logFileIn(dataDir);
  const log = openReadOnly(file, { passphrase: readPassphrase(passphraseFile) });
  try {
    refuseOlder(log.db, file);
    const changes = new ClockLine(log.db).changes.map(({ id, timeMs, seconds, places }) => ({
      change: id,
      from: new Date(timeMs - seconds * 1000).toISOString(),
      to: new Date(timeMs).toISOString(),
      seconds,
      runs: [...places.keys()],
    }));
    if (json) process.stdout.write(`${JSON.stringify(changes, null, 2)}\n`);
    else if (changes.length === 0) process.stdout.write('The clock was never set while a server ran.\n');
    else {
      const by = (seconds: number) => `${seconds < 0 ? 'back' : 'forward'} ${spanText(Math.abs(seconds))}`;
      const rows = changes.map((one) => [
        String(one.change),
        one.from,
        one.to,
        by(one.seconds),
        one.runs.join(', '),
      ]);
      process.stdout.write(
        `${textTable([['change', 'from', 'to', 'set', 'runs'], ...rows], { align: 'l' })}\n`,
      );
    }
  } finally {
    log.close();
  }
}

async function correct({ dataDir, passphraseFile, json }: ClockFlags, change: number): Promise<void> {
  const [{ openDatabase }, { correctClock }, { readPassphrase }, { spanText }] = await Promise.all([
    import('../log/database.ts'),
    import('../sessions/correct-clock.ts'),
    import('../log/passphrase.ts'),
    import('../util/duration.ts'),
  ]);
  const log = openDatabase(dataDir, { passphrase: readPassphrase(passphraseFile) });
  try {
    const corrected = correctClock(log, change);
    if (json) process.stdout.write(`${JSON.stringify(corrected, null, 2)}\n`);
    const { seconds, streams, frames, moments } = corrected;
    process.stderr.write(
      `undertone: moved ${frames} frames of ${streams.join(', ') || 'no stream'} and ${moments} moments of sessions by ${seconds < 0 ? '−' : '+'}${spanText(Math.abs(seconds))}.\n`,
    );
  } finally {
    log.close();
  }
}
