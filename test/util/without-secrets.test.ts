import { expect, test } from 'vitest';
import { withoutSecrets } from '../../src/util/without-secrets.ts';

test.each([
  ['http://me:secret@radio.example:8000/live?key=secret#secret', 'http://radio.example:8000/live'],
  ['HTTPS://radio.example/a%20b', 'https://radio.example/a%20b'],
  ['http://me:secret@ [/live', 'http://…'],
  ['file:/music/a.ogg?loop=1', 'file:/music/a.ogg?loop=1'],
  ['soundcard:USB Audio', 'soundcard:USB Audio'],
])('%s is shown as %s', (uri, shown) => {
  expect(withoutSecrets(uri)).toBe(shown);
});
