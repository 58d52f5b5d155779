import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultDataDir } from '../log/log-files.ts';
import { ENGINE_NAMES } from '../model/engine.ts';
import type { ServeOptions } from '../server/config/settings.ts';
import { LOG_FORMATS, LOG_LEVELS } from '../server/logger.ts';
import { PCM_FORMATS } from '../stream/pcm.ts';
import { SOURCE_USAGE } from '../stream/sources/index.ts';
import { positiveInteger } from './arguments.ts';

/** `undertone serve`: the server with its dashboard. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Track live streams: dashboard, WebSocket and HTTP API, and a log of it all.')
    .option('--config <file>', 'a configuration, such as undertone.json; what is said here comes first')
    .option(
      '--source <source>',
      `a stream, as URI or NAME=URI: ${SOURCE_USAGE}; may be repeated (default: the sound card where there is one, else demo:)`,
      (source: string, all: readonly string[]) => [...all, source],
      [] as readonly string[],
    )
    .option(
      '--host <address>',
      'address to listen on; any but this computer itself needs a token',
      '127.0.0.1',
    )
    .option('--port <port>', 'port to listen on, 0 for any that is free', portNumber, 8787)
    .option('--data-dir <folder>', 'where the log lies', defaultDataDir())
    .option(
      '--passphrase-file <file>',
      'encrypt the log with the passphrase in the first line of this file (default: UNDERTONE_PASSPHRASE)',
    )
    .option('--model <name>', 'a model under models/, or a folder', 'undertone')
    .addOption(
      new Option('--engine <name>', 'what computes the model')
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    )
    .addOption(new Option('--token <token>', 'what every client must show').env('UNDERTONE_TOKEN'))
    .addOption(
      new Option('--format <pcm>', 'stdin: is raw PCM of this format, and not a file').choices(PCM_FORMATS),
    )
    .option('--rate <hz>', 'sample rate of raw PCM', positiveInteger, 44_100)
    .option('--channels <n>', 'channels of raw PCM', positiveInteger, 2)
    .addOption(
      new Option('--log-level <level>', 'how much is said on stderr').choices(LOG_LEVELS).default('info'),
    )
    .addOption(
      new Option('--log-format <format>', 'how it is said: auto is human at a terminal, else json')
        .choices(LOG_FORMATS)
        .default('auto'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone serve\n  $ undertone serve --source booth=soundcard: --source "file:song.ogg?loop=1"\n  $ undertone serve --config undertone.json',
    )
    .action(async (options: Record<string, unknown>, command: Command) => {
      // Loaded only now: `--help` and other commands need none of it.
      const { serve } = await import('../server/serve.ts');
      // What nobody said must not stand before what the configuration says.
      const given = Object.entries(options).filter(
        ([name]) => command.getOptionValueSource(name) !== 'default',
      );
      await serve(Object.fromEntries(given) as ServeOptions);
    });
}

function portNumber(value: string): number {
  const port = Number(value);
  if (value === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('A port from 0 to 65535 is expected.');
  }
  return port;
}
