import { expect, it } from 'vitest';
import { deviceUri, nameOf, suggestName } from '../../dashboard/state/source-uri.ts';

it.each([
  ['https://radio.example/live.mp3?x=1', 'radio.example'],
  ['file:/music/Größe und Ruhm.flac', 'grosse-und-ruhm'],
  ['soundcard:USB Audio', 'usb-audio'],
  ['soundcard:', 'room'],
  ['demo:?seed=2', 'demo'],
])('suggests a name for %s', (uri, name) => {
  expect(suggestName(uri)).toBe(name);
});

it.each([
  ['Deck A', 'en', 'deck-a'],
  ['Küche 1', 'de', 'kueche-1'],
  ['Küche 1', 'en', 'kuche-1'],
  ['  Salle à l’étage ', 'fr', 'salle-a-l-etage'],
  ['Niño', 'es', 'nino'],
  ['Großer Saal', 'de', 'grosser-saal'],
  ['_booth.2', 'en', 'booth.2'],
  ['кухня', 'en', ''],
  ['x'.repeat(80), 'en', 'x'.repeat(64)],
])('makes a name that the server accepts of “%s” in %s', (text, language, name) => {
  expect(nameOf(text, language)).toBe(name);
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
