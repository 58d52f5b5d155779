import { Command } from 'commander';
import type { Device } from '../stream/sources/soundcard/devices.ts';
import { textTable } from '../util/text-table.ts';

/** `undertone devices`: the inputs that `soundcard:` can use. */
export function devicesCommand(): Command {
  return new Command('devices')
    .description('List the audio inputs of this computer.')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone devices\n  $ undertone serve --source "soundcard:USB Audio"',
    )
    .action(run);
}

async function run({ json = false }: { json?: boolean }): Promise<void> {
  const { listDevices } = await import('../stream/sources/soundcard/devices.ts');
  const devices = await listDevices();
  process.stdout.write(json ? `${JSON.stringify(devices, null, 2)}\n` : table(devices));
}

function table(devices: readonly Device[]): string {
  if (devices.length === 0) {
    return 'No audio input found: connect one, or on Linux start PulseAudio or PipeWire, and try again.\n';
  }
  const rows = devices.map((device) => [
    device.isDefault ? '*' : '',
    String(device.index),
    device.name,
    device.hostApi,
    String(device.channels),
    `${device.defaultRateHz} Hz`,
  ]);
  const head = ['', 'index', 'name', 'host', 'channels', 'rate'];
  return `${textTable([head, ...rows], { align: 'l' })}\n\n* the default, used by soundcard:. To use another one: soundcard:NAME or soundcard:INDEX\n`;
}
