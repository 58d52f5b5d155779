import { expect, it } from 'vitest';
import { sourceName } from '../../dashboard/state/source-name.ts';
import { speedsFor } from '../../dashboard/state/speeds.ts';

it.each([
  ['file:/home/anna/music/Morning song.ogg?loop=1', 'file “Morning song.ogg”'],
  ['file:///music/Caf%C3%A9%20100%25.ogg?loop=1', 'file “Café 100%.ogg”'],
  ['file:/music/Why? Because.ogg?loop=1', 'file “Why? Because.ogg”'],
  ['file:///music/100%.ogg', 'file “100%.ogg”'],
  ['file:/music/100%25.ogg', 'file “100%25.ogg”'],
  ['file:C:\\music\\a.wav', 'file “a.wav”'],
  ['https://stream.example.org:8000/live.ogg?x=1', 'stream.example.org:8000/live.ogg'],
  ['https://stream.example.org/', 'stream.example.org'],
  ['https://a.example/i/radio/classics/playlist.m3u8', 'a.example/…o/classics/playlist.m3u8'],
  ['soundcard:', 'sound card'],
  ['soundcard:USB Audio', 'sound card “USB Audio”'],
  ['demo:', 'built-in demo'],
  ['ws:', 'sent by a client'],
  ['midi:other', 'midi:other'],
  ['', ''],
])('names the source %s as %s', (uri, name) => {
  expect(sourceName(uri)).toBe(name);
});

it('plays a day within minutes, and a minute not faster than 30 times', () => {
  expect(speedsFor(60)).toEqual([1, 2, 5, 10, 30]);
  expect(speedsFor(86_400).at(-1)).toBe(600);
  expect(speedsFor(30 * 86_400).at(-1)).toBe(3600);
});
