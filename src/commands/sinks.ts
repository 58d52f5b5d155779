import { Command } from 'commander';
import { STREAM_SINK_KINDS } from '../sinks/kinds/index.ts';
import { SINK_VALUES } from '../sinks/mapping/values.ts';
import { SINK_ARGUMENT_OPTIONS } from '../sinks/sink-argument.ts';

/** Help of `--sink`. */
export const SINK_OPTION =
  'send the frames here, for example osc:127.0.0.1:9000; see "undertone sinks"; repeatable';

/** Collects a repeated option for commander. */
export const collectSinks = (sink: string, all: readonly string[] = []): string[] => [...all, sink];

/** `undertone sinks`: what streams can be sent to, with an example each. */
export function sinksCommand(): Command {
  return new Command('sinks')
    .description('List what streams can be sent to: OSC, MQTT, files and others.')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone sinks\n  $ undertone serve --source soundcard: --sink osc:127.0.0.1:9000',
    )
    .action(({ json = false }: { json?: boolean }) => {
      const kinds = STREAM_SINK_KINDS.map(({ usage, about, params, example }) => ({
        usage,
        about,
        params,
        example,
      }));
      process.stdout.write(json ? `${JSON.stringify(kinds, undefined, 2)}\n` : text());
    });
}

function text(): string {
  const kinds = STREAM_SINK_KINDS.map(({ usage, about, params, example }) => {
    const options = params && params.length > 0 ? [`  options: ${params.join(', ')}`] : [];
    return [usage, `  ${about}`, ...options, `  --sink ${quoted(example)}`].join('\n');
  });
  const values = [...SINK_VALUES.keys()].filter((name) => !/^forecast\/(?!5)/.test(name));
  return [
    ...kinds,
    `Options of every sink: ${SINK_ARGUMENT_OPTIONS}`,
    `Values: ${values.join(', ')}; forecasts for 0.5, 1, 2, 5 and 10 s\n`,
  ].join('\n\n');
}

/** For a shell, in which `?`, `&` and braces have a meaning. */
const quoted = (argument: string): string => (/[?&{*\s]/.test(argument) ? `'${argument}'` : argument);
