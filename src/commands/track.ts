import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultDataDir } from '../log/log-files.ts';
import { isPcmFormat, PCM_FORMATS } from '../stream/pcm.ts';
import { type EmotionFrame, STEP_SECONDS } from '../types.ts';
import { asUsage, positiveInteger, withModelOptions } from './arguments.ts';
import { openOutput } from './output.ts';
import { collectSinks, SINK_OPTION } from './sinks.ts';
import { type Formats, REPORTED, type TrackFlags } from './track-files/track-flags.ts';

/** `undertone track INPUT…`: writes the emotion frames of recordings, as fast as the machine can. */
export function trackCommand(): Command {
  const command = new Command('track')
    .description('Write the emotion frames of recordings: the same frames as live tracking gives.')
    .argument(
      '<input...>',
      'an audio file, a URL, or - for standard input; several of them, and folders, are tracked on all cores',
    )
    .addOption(
      new Option('--format <format>', 'output format: ndjson or csv; a PCM format here is that of raw input')
        .argParser(formats)
        .default({ write: 'ndjson' }, 'ndjson'),
    )
    .option('--out <file>', 'output file, or folder for one file per recording (default: standard output)')
    .addOption(new Option('--sink <sink>', SINK_OPTION).argParser(collectSinks));
  return withModelOptions(command)
    .option('--stream <name>', 'stream name in the frames (default: from the input)')
    .option('--profile <name>', 'put the frames on the scale of a profile of "undertone calibrate"')
    .option('--data-dir <folder>', 'folder of the profiles', defaultDataDir())
    .option('--rate <hz>', 'sample rate of raw PCM', positiveInteger, 44_100)
    .option('--channels <n>', 'channels of raw PCM', positiveInteger, 2)
    .addHelpText(
      'after',
      `
Examples:
  $ undertone track song.ogg --format csv --out song.csv
  $ undertone track album/ bonus.mp3 list.m3u --out emotions/
  $ undertone track https://example.org/song.mp3 | jq .mood
  $ ffmpeg -i film.mkv -f s16le - | undertone track - --format s16le --rate 48000`,
    )
    .action(run);
}

/** `--format` has two meanings with distinct values: the output format, and, as in `serve`, the format of raw PCM. */
function formats(value: string, previous: Formats): Formats {
  if (value === 'ndjson' || value === 'csv') return { ...previous, write: value };
  if (isPcmFormat(value)) return { ...previous, read: value };
  throw new InvalidArgumentError(`Expected ndjson, csv or one of ${PCM_FORMATS.join(', ')}.`);
}

async function run(inputs: readonly string[], options: TrackFlags): Promise<void> {
  const [input, ...more] = inputs as [string, ...string[]];
  if (options.out !== undefined)
    await (await import('./track-files/keep-recordings.ts')).keepRecordings(options.out, inputs);
  const { isFolder } = await import('./track-files/recordings.ts');
  const toFolder = options.out !== undefined && (/[\\/]$/.test(options.out) || (await isFolder(options.out)));
  if (more.length > 0 || toFolder || (await isFolder(input))) {
    const { trackSeveral } = await import('./track-files/track-several.ts');
    await trackSeveral(inputs, { ...options, toFolder });
  } else await trackOne(input, options);
}

async function trackOne(input: string, options: TrackFlags): Promise<void> {
  // Loaded here, so that `--help` and usage errors are immediate.
  const [{ createTracker }, { openRecording }, { recordingInThreads }, { checkStreamName }, csv, profiles] =
    await Promise.all([
      import('../node-api/create-tracker.ts'),
      import('../stream/sources/index.ts'),
      import('../stream/threads/recording-threads.ts'),
      import('../stream/sources/source-uri.ts'),
      import('../csv.ts'),
      import('./profile-scale.ts'),
    ]);
  const { format, rate: sampleRateHz, channels, model, engine } = options;
  const scale =
    options.profile === undefined ? undefined : await profiles.profileScale(options.profile, options);
  const raw = format.read && { pcm: { format: format.read, sampleRateHz, channels } };
  const opened = asUsage(() => openRecording(input, { ...raw, playlists: true }));
  const { name } = opened;
  const isFile = opened.source.uri.startsWith('file:');
  const source = isFile ? recordingInThreads({ input, options: { playlists: true } }) : opened.source;
  const stream = options.stream ?? name;
  asUsage(() => checkStreamName(stream));
  const sinks = options.sink && (await import('./track-sinks.ts')).openTrackSinks(options.sink, options.out);
  const out = await openOutput(options.out);
  const line = format.write === 'csv' ? csv.csvRow : (frame: EmotionFrame) => JSON.stringify(frame);

  let frames = 0;
  const tracker = await createTracker({ stream, model, engine, ...(scale && { scale }) });
  for await (const message of tracker.track(source)) {
    await sinks?.write(message);
    if (message.type !== 'emotion' && REPORTED.has(message.type))
      process.stderr.write(`undertone: at ${message.t} s: ${message.message}\n`);
    if (message.type !== 'emotion') continue;
    if (frames++ === 0 && format.write === 'csv') await out.write(`${csv.csvHeader()}\n`);
    await out.write(`${line(message)}\n`);
  }
  await tracker.close();
  await out.end();
  await sinks?.close();
  if (frames === 0)
    process.stderr.write(
      `undertone: ${source.uri} is shorter than one step (${STEP_SECONDS} s), so it has no frames.\n`,
    );
}
