import type { DeviceList } from '../../src/client/index.ts';

/** Letters that are no plain letter with a mark, and how names write them. */
const SPELLED: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' },
};
/** What German writes instead of the dots. */
const GERMAN: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue' };

/**
 * A name that the server accepts, close to what somebody wrote: `Deck A` becomes `deck-a`, `Küche 1` becomes `kueche-1`
 * in German and `kuche-1` in other languages. Empty if nothing of it can be kept.
 */
export function nameOf(text: string, language = 'en'): string {
  const spelled = language === 'de' ? { ...SPELLED, ...GERMAN } : SPELLED;
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/\P{ASCII}/gu, (letter) => spelled[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 64);
}

/** A name for the stream of a source, from its last part. */
export function suggestName(uri: string, language?: string): string {
  const rest = uri.replace(/^[a-z]+:(\/\/)?/i, '').split(/[?#]/)[0]!;
  const part = /^https?:/i.test(uri) ? rest.split('/')[0]! : rest.split(/[/\\]/).at(-1)!;
  const plain = nameOf(part.replace(/\.(mp3|flac|wav|ogg|opus|m4a|aac|aiff?)$/i, ''), language);
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
