import { Command } from 'commander';
import { STREAM_SINK_KINDS } from '../sinks/kinds/index.ts';
import { SINK_VALUES } from '../sinks/mapping/values.ts';
import { SINK_ARGUMENT_OPTIONS } from '../sinks/sink-argument.ts';
import { UserError } from '../user-error.ts';

/** Help of `--sink`. */
export const SINK_OPTION =
  'send the frames here, for example osc:127.0.0.1:9000; see "undertone sinks"; repeatable';

/** Collects a repeated option for commander. */
export const collectSinks = (sink: string, all: readonly string[] = []): string[] => [...all, sink];

/** `undertone sinks`: what streams can be sent to, with an example each. */
export function sinksCommand(): Command {
  return new Command('sinks')
    .description('List what streams can be sent to: OSC, MQTT, files and others.')
    .option('--midi', 'list the MIDI ports of this computer instead')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone sinks\n  $ undertone serve --source soundcard: --sink osc:127.0.0.1:9000',
    )
    .action(async ({ json = false, midi = false }: { json?: boolean; midi?: boolean }) => {
      if (midi) return void process.stdout.write(await midiText(json));
      const kinds = STREAM_SINK_KINDS.map(({ usage, about, params, example }) => ({
        usage,
        about,
        params,
        example,
      }));
      process.stdout.write(json ? `${JSON.stringify(kinds, undefined, 2)}\n` : text());
    });
}

/** @throws UserError `no-midi` */
async function midiText(json: boolean): Promise<string> {
  const { midiPorts } = await import('../util/midi.ts');
  const ports = await midiPorts().catch((cause: Error) => {
    throw new UserError('no-midi', `MIDI ports cannot be listed: ${cause.message}.`, { cause });
  });
  if (json) return `${JSON.stringify(ports, undefined, 2)}\n`;
  const list = (names: readonly string[]) =>
    names.length > 0 ? names.map((name) => `  ${name}`) : ['  none'];
  return `${['outputs, for --sink midi:PORT', ...list(ports.outputs), 'inputs, for --midi-in PORT', ...list(ports.inputs)].join('\n')}\n`;
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
