import { Command, Option } from 'commander';
import type { FormatName } from '../log/export/formats.ts';
import type { Resolution } from '../log/query.ts';
import { RESOLUTIONS } from '../log/query.ts';
import { UserError } from '../user-error.ts';
import { type LogFlags, logFileIn, timeArgument, withLogOptions } from './arguments.ts';
import { openAtomicFile, openOutput } from './output.ts';

interface ExportFlags extends LogFlags {
  readonly stream: string;
  readonly from?: number;
  readonly to?: number;
  readonly resolution: Resolution;
  readonly format: Exclude<FormatName, 'json'>;
  readonly forecast: boolean;
  readonly tracks?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

/** `undertone export`: writes frames from the log to a file, also while a server is using the log. */
export function exportCommand(): Command {
  const command = new Command('export')
    .description('Write the frames of a stream from the log as CSV, NDJSON or Parquet.')
    .requiredOption('--stream <name>', 'name of the stream')
    .option('--from <time>', 'start, inclusive (default: the first frame)', timeArgument)
    .option('--to <time>', 'end, exclusive (default: the last frame)', timeArgument)
    .addOption(
      new Option('--resolution <length>', 'frames as emitted (step), or means over buckets of this length')
        .choices(Object.keys(RESOLUTIONS))
        .default('step'),
    )
    .addOption(
      new Option('--format <format>', 'output format').choices(['csv', 'ndjson', 'parquet']).default('csv'),
    )
    .option('--tracks', 'the tracks that a station named, with a summary of each, instead of frames')
    .option('--no-forecast', 'omit the forecasts: a third of the size')
    .option('--out <file>', 'output file (default: standard output)')
    .option('--force', 'overwrite an existing file');
  return withLogOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone export --stream booth --from 2026-11-20 --to 2026-11-21 > day.csv\n  $ undertone export --stream booth --resolution 1m --format parquet --out minutes.parquet\n  $ undertone export --stream radio --tracks --from 2026-11-20 > playlist.csv',
    )
    .action(run);
}

async function run(flags: ExportFlags): Promise<void> {
  const { stream, resolution, format, from = 0, to = 8.64e15 } = flags;
  if (from > to) throw new UserError('usage', '--from is later than --to: swap them.');
  if (format === 'parquet' && flags.out === undefined && process.stdout.isTTY) {
    throw new UserError('usage', 'Parquet is binary; write it to a file with --out.');
  }
  if (flags.tracks && (format === 'parquet' || resolution !== 'step'))
    throw new UserError('usage', '--tracks is written as csv or ndjson, without --resolution.');
  const [
    { openReadOnly },
    { History },
    { FORMATS },
    { readPassphrase },
    { refuseOlder },
    { isOfLog, isFileIn },
    { exportTracks },
  ] = await Promise.all([
    import('../log/database.ts'),
    import('../log/history.ts'),
    import('../log/export/formats.ts'),
    import('../log/passphrase.ts'),
    import('../log/migrations.ts'),
    import('../log/log-files.ts'),
    import('../log/export/tracks.ts'),
  ]);
  const file = logFileIn(flags.dataDir);
  if (flags.out !== undefined && (isOfLog(flags.out, file) || isFileIn(flags.dataDir, flags.out))) {
    throw new UserError(
      'usage',
      `${flags.out} is a file of the log or of its data directory and is never overwritten: name another file.`,
    );
  }
  const passphrase = readPassphrase(flags.passphraseFile);
  const log = openReadOnly(file, { passphrase });
  try {
    refuseOlder(log.db, log.file);
    const history = new History(log.db);
    const streams = history.streams();
    if (!streams.includes(stream)) {
      const known = streams.length > 0 ? `it has ${streams.join(', ')}` : 'it is empty';
      throw new UserError('unknown-stream', `The log has no stream "${stream}": ${known}.`);
    }
    const query = { resolution, format, forecast: flags.forecast ? 'yes' : 'no' } as const;
    let rows = 0;
    const request = {
      ...{ stream, range: { fromMs: from, toMs: to }, query: { ...query, limit: undefined } },
      onRows: (more: number) => {
        rows += more;
      },
    };
    const parts =
      flags.tracks && format !== 'parquet'
        ? exportTracks(history, request, format)
        : FORMATS[format].write(history, request);
    const out =
      flags.out === undefined ? await openOutput(undefined) : await openAtomicFile(flags.out, flags);
    try {
      for await (const part of parts) await out.write(part);
      await out.end();
    } catch (error) {
      await out.discard();
      throw error;
    }
    if (rows === 0) {
      const what = flags.tracks ? 'tracks' : 'frames';
      process.stderr.write(`undertone: The log has no ${what} of "${stream}" in that time.\n`);
    }
  } finally {
    log.close();
  }
}
