import type { DeviceList } from '../../src/client/index.ts';

/** A name for the stream of a source: letters that names may have, from its last part. */
export function suggestName(uri: string): string {
  const rest = uri.replace(/^[a-z]+:(\/\/)?/i, '').split(/[?#]/)[0]!;
  const part = /^https?:/i.test(uri) ? rest.split('/')[0]! : rest.split(/[/\\]/).at(-1)!;
  const plain = part
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\.(mp3|flac|wav|ogg|opus|m4a|aac|aiff?)$/, '')
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 64);
  return plain || (uri.startsWith('demo') ? 'demo' : uri.startsWith('soundcard') ? 'room' : '');
}

/** Channels of a sound input that lie side by side; 1 is the first. */
export interface ChannelPick {
  readonly first: number;
  readonly count: number;
}

/** URI of a sound input; the name, because numbers change when a device is plugged in. `first`: the first channel used. */
export function deviceUri(
  device: DeviceList['devices'][number] | undefined,
  channels: number | null,
  first = 1,
): string {
  const name = device === undefined || device.isDefault ? '' : device.name;
  const from = first === 1 ? '' : `&first=${first}`;
  return `soundcard:${name}${channels === null ? '' : `?channels=${channels}${from}`}`;
}
