import { Command, InvalidArgumentError, Option } from 'commander';
import { ENGINE_NAMES, type EngineName } from '../model/engine.ts';
import { isPcmFormat, PCM_FORMATS, type PcmFormat } from '../stream/pcm.ts';
import { type EmotionFrame, STEP_SECONDS } from '../types.ts';
import { positiveInteger } from './arguments.ts';
import { openOutput } from './output.ts';

interface Formats {
  readonly write: 'ndjson' | 'csv';
  /** What standard input carries, if it is not a file of a known kind. */
  readonly read?: PcmFormat;
}

interface TrackOptions {
  format: Formats;
  out?: string;
  model: string;
  engine: EngineName | 'auto';
  stream?: string;
  rate: number;
  channels: number;
}

/** `undertone track INPUT`: a recording's emotion frames, as fast as the machine can. */
export function trackCommand(): Command {
  return new Command('track')
    .description('Write the emotion frames of a recording: the same that live tracking of it gives.')
    .argument('<input>', 'an audio file, a web address, or - for standard input')
    .option('--format <format>', 'write ndjson or csv; a PCM format here says what raw input is', formats, {
      write: 'ndjson',
    })
    .option('--out <file>', 'where to write it (default: standard output)')
    .option('--model <name>', 'a model under models/, or a folder', 'undertone')
    .addOption(
      new Option('--engine <name>', 'what computes the model')
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    )
    .option('--stream <name>', 'name of the stream in the frames (default: from the input)')
    .option('--rate <hz>', 'sample rate of raw PCM', positiveInteger, 44_100)
    .option('--channels <n>', 'channels of raw PCM', positiveInteger, 2)
    .addHelpText(
      'after',
      `
Examples:
  $ undertone track song.ogg --format csv --out song.csv
  $ undertone track https://example.org/song.mp3 | jq .mood
  $ ffmpeg -i film.mkv -f s16le - | undertone track - --format s16le --rate 48000`,
    )
    .action(run);
}

/** One option, two meanings that cannot be mistaken: `serve` and other tools name raw PCM by `--format` too. */
function formats(value: string, previous: Formats): Formats {
  if (value === 'ndjson' || value === 'csv') return { ...previous, write: value };
  if (isPcmFormat(value)) return { ...previous, read: value };
  throw new InvalidArgumentError(`ndjson, csv or one of ${PCM_FORMATS.join(', ')} is expected.`);
}

async function run(input: string, options: TrackOptions): Promise<void> {
  // Loaded here, so that `--help` and wrong usage answer at once.
  const [{ createTracker }, { openRecording }, { checkStreamName }, csv] = await Promise.all([
    import('../tracking/create-tracker.ts'),
    import('../stream/sources/index.ts'),
    import('../stream/sources/source-uri.ts'),
    import('../csv.ts'),
  ]);
  const { format, rate: sampleRateHz, channels, model, engine } = options;
  const raw = format.read && { pcm: { format: format.read, sampleRateHz, channels } };
  const { source, name } = openRecording(input, raw);
  const stream = options.stream ?? name;
  checkStreamName(stream);
  const out = await openOutput(options.out);
  const line = format.write === 'csv' ? csv.csvRow : (frame: EmotionFrame) => JSON.stringify(frame);

  let frames = 0;
  const tracker = await createTracker({ stream, model, engine });
  for await (const message of tracker.track(source)) {
    if (message.type === 'gap') process.stderr.write(`undertone: at ${message.t} s: ${message.message}\n`);
    if (message.type !== 'emotion') continue;
    if (frames++ === 0 && format.write === 'csv') await out.write(`${csv.csvHeader()}\n`);
    await out.write(`${line(message)}\n`);
  }
  await tracker.close();
  await out.end();
  if (frames === 0)
    process.stderr.write(
      `undertone: ${source.uri} is shorter than a step of ${STEP_SECONDS} s: it has no frames.\n`,
    );
}
