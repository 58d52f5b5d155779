import { Command } from 'commander';
import type { Device } from '../stream/sources/soundcard/devices.ts';
import { textTable } from '../util/text-table.ts';

/** `undertone devices`: what `soundcard:` can listen to. */
export function devicesCommand(): Command {
  return new Command('devices')
    .description('List the audio inputs of this computer.')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ undertone devices\n  $ undertone serve --source "soundcard:USB Audio"',
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
    return 'This computer has no audio input: connect one, or on Linux start PulseAudio or PipeWire, and look again.\n';
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
  return `${textTable([head, ...rows], { align: 'l' })}\n\n* the default, which soundcard: listens to; another by soundcard:NAME or soundcard:INDEX\n`;
}
