import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultDataDir } from '../log/log-files.ts';
import type { ServeOptions } from '../server/config/settings.ts';
import { LOG_FORMATS, LOG_LEVELS } from '../server/logger.ts';
import { PCM_FORMATS } from '../stream/pcm.ts';
import { SOURCE_USAGE } from '../stream/sources/index.ts';
import { positiveInteger, withModelOptions } from './arguments.ts';
import { collectSinks, SINK_OPTION } from './sinks.ts';

/** What commander prints for `undertone serve song.ogg`; without what to do. */
const EXCESS = /^error: too many arguments.*/;
const SOURCE_HINT = 'error: serve takes no arguments: give a source as an option, --source file:song.ogg.';

/** `undertone serve`: starts the server and its dashboard. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description('Track live streams: dashboard, WebSocket and HTTP API, and a log.')
    .configureOutput({ outputError: (text, write) => write(text.replace(EXCESS, SOURCE_HINT)) })
    .option('--config <file>', 'configuration file, such as undertone.json; options given here override it')
    .addOption(
      new Option('--source <source>', `a stream, as URI or NAME=URI: ${SOURCE_USAGE}; repeatable`)
        .argParser((source: string, all: readonly string[]) => [...all, source])
        .default([], 'the sound card if there is one, else demo:'),
    )
    .addOption(new Option('--sink <sink>', SINK_OPTION).argParser(collectSinks))
    .option(
      '--midi-in <port>',
      'MIDI input whose notes and foot-switches set markers in sessions; empty: a virtual port',
    )
    .option(
      '--host <address>',
      'address to listen on; if other computers can reach it, a token is required',
      '127.0.0.1',
    )
    .option('--port <port>', 'port to listen on; 0 selects a free one', portNumber, 8787)
    .option('--data-dir <folder>', 'folder of the log', defaultDataDir())
    .option(
      '--passphrase-file <file>',
      'file whose first line is the passphrase to encrypt the log with (default: UNDERTONE_PASSPHRASE)',
    );
  return withModelOptions(command)
    .option('--profile <name>', 'profile of "undertone calibrate" for streams without one of their own')
    .addOption(new Option('--token <token>', 'a token that every client must send').env('UNDERTONE_TOKEN'))
    .addOption(
      new Option(
        '--format <pcm>',
        'read raw PCM of this format from stdin:, instead of an audio file',
      ).choices(PCM_FORMATS),
    )
    .option('--rate <hz>', 'sample rate of raw PCM', positiveInteger, 44_100)
    .option('--channels <n>', 'channels of raw PCM', positiveInteger, 2)
    .addOption(
      new Option('--log-level <level>', 'least severe messages to print to stderr')
        .choices(LOG_LEVELS)
        .default('info'),
    )
    .addOption(
      new Option(
        '--log-format <format>',
        'format of these messages; auto: human-readable on a terminal, else json',
      )
        .choices(LOG_FORMATS)
        .default('auto'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone serve\n  $ undertone serve --source booth=soundcard: --source "file:song.ogg?loop=1"\n  $ undertone serve --config undertone.json',
    )
    .action(async (options: Record<string, unknown>, command: Command) => {
      // Loaded here, since `--help` and other commands need none of it.
      const { serve } = await import('../server/serve.ts');
      // Defaults must not override the configuration file.
      const given = Object.entries(options).filter(
        ([name]) => command.getOptionValueSource(name) !== 'default',
      );
      await serve(Object.fromEntries(given) as ServeOptions);
    });
}

function portNumber(value: string): number {
  const port = Number(value);
  if (value === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  }
  return port;
}
