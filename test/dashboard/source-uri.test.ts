import { expect, it } from 'vitest';
import { deviceUri, suggestName } from '../../dashboard/state/source-uri.ts';

it.each([
  ['https://radio.example/live.mp3?x=1', 'radio.example'],
  ['file:/music/Größe und Ruhm.flac', 'gro-e-und-ruhm'],
  ['soundcard:USB Audio', 'usb-audio'],
  ['soundcard:', 'room'],
  ['demo:?seed=2', 'demo'],
])('suggests a name for %s', (uri, name) => {
  expect(suggestName(uri)).toBe(name);
});

it('names a device, because its number changes, and the default one not at all', () => {
  const device = {
    index: 2,
    name: 'USB Audio',
    hostApi: '',
    channels: 8,
    defaultRateHz: 48_000,
    isDefault: false,
  };
  expect(deviceUri(device, null)).toBe('soundcard:USB Audio');
  expect(deviceUri(device, 4)).toBe('soundcard:USB Audio?channels=4');
  expect(deviceUri(device, 2, 3)).toBe('soundcard:USB Audio?channels=2&first=3');
  expect(deviceUri({ ...device, isDefault: true }, 1)).toBe('soundcard:?channels=1');
});
