import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openRecording, openSource } from '../../../src/stream/sources/index.ts';
import { parseSourceUri, parseStreamSpec, streamNameOf } from '../../../src/stream/sources/source-uri.ts';

describe('source URIs', () => {
  it.each([
    ['file:song.ogg', 'file', 'song.ogg', {}],
    ['file:a b/song.ogg?loop=1', 'file', 'a b/song.ogg', { loop: '1' }],
    ['file:C:\\music\\song.ogg', 'file', 'C:\\music\\song.ogg', {}],
    ['file:Why? Because.ogg', 'file', 'Why? Because.ogg', {}],
    ['file:what?x=1/song.ogg', 'file', 'what?x=1/song.ogg', {}],
    ['soundcard:USB: Audio', 'soundcard', 'USB: Audio', {}],
    ['soundcard:?rate=48000&channels=1', 'soundcard', '', { rate: '48000', channels: '1' }],
    ['DEMO:?seed=7', 'demo', '', { seed: '7' }],
  ])('%s is parsed', (uri, scheme, path, params) => {
    const parsed = parseSourceUri(uri);
    expect(parsed).toMatchObject({ uri, scheme, path });
    expect(Object.fromEntries(parsed.params)).toEqual(params);
  });

  it.each([
    'song.ogg',
    'gopher:song',
    'constructor:',
    'file:',
    'file:song.ogg?lop=1',
    'file:song.ogg?loop=maybe',
    'demo:?seed=-1',
    'demo:?rate=7999',
    'soundcard:?channels=0',
    'soundcard:?rate=96kHz',
    'stdin:?format=s16le',
  ])('%s is rejected before anything is opened', (uri) => {
    expect(() => openSource(uri)).toThrow(expect.objectContaining({ name: 'UserError', code: 'bad-source' }));
  });
});

describe('names of streams', () => {
  it.each([
    ['booth=soundcard:', 'booth', 'soundcard:'],
    ['booth=file:a=b.ogg', 'booth', 'file:a=b.ogg'],
    ['soundcard:', 'soundcard', 'soundcard:'],
    ['soundcard:USB Audio', 'usb-audio', 'soundcard:USB Audio'],
    ['demo:?seed=7', 'demo', 'demo:?seed=7'],
    [
      'file:/music/Für Élise (live).flac?loop=1',
      'fur-elise-live',
      'file:/music/Für Élise (live).flac?loop=1',
    ],
    ['file:夜.ogg', 'file', 'file:夜.ogg'],
    ['file:///music/F%C3%BCr%20Elise.ogg', 'fur-elise', 'file:///music/F%C3%BCr%20Elise.ogg'],
    ['http://radio.example/late%20night.mp3', 'late-night', 'http://radio.example/late%20night.mp3'],
    ['http://radio.example/100%.mp3', '100', 'http://radio.example/100%.mp3'],
    ['file:/music/100%20.ogg', '100-20', 'file:/music/100%20.ogg'],
  ])('%s', (spec, name, uri) => {
    expect(parseStreamSpec(spec)).toEqual({ name, uri });
  });

  it.each(['Booth=demo:', '=demo:', '../x=demo:', `${'x'.repeat(65)}=demo:`])('%s is rejected', (spec) => {
    expect(() => parseStreamSpec(spec)).toThrow(expect.objectContaining({ code: 'bad-stream-name' }));
  });

  it('are cut to the maximum length', () => {
    expect(streamNameOf(`file:${'é'.repeat(300)}.ogg`)).toMatch(/^[a-z0-9][a-z0-9._-]{0,63}$/);
  });
});

describe('openRecording', () => {
  it.each([
    ['song.ogg', 'file:song.ogg', 'song'],
    ['C:\\song.ogg', 'file:C:\\song.ogg', 'song'],
    ['-', 'stdin:', 'stdin'],
    ['demo:?seed=3', 'demo:?seed=3', 'demo'],
  ])('%s', (input, uri, name) => {
    const recording = openRecording(input);
    expect(recording.source.uri).toBe(uri);
    if (process.platform === 'win32' || !input.includes('\\')) expect(recording.name).toBe(name);
  });

  it
    .skipIf(process.platform === 'win32')
    .each(['Suite: first part.wav', 'Demo: first take.wav', 'stdin: x.wav', 'http: x.wav'])(
    '%s is the file of that name, if there is one',
    (name) => {
      const folder = mkdtempSync(join(tmpdir(), 'undertone-'));
      const before = process.cwd();
      onTestFinished(() => {
        process.chdir(before);
        rmSync(folder, { recursive: true });
      });
      process.chdir(folder);
      expect(() => openRecording(name)).toThrow(expect.objectContaining({ name: 'UserError' }));
      writeFileSync(name, '');
      expect(openRecording(name).source.uri).toBe(`file:${name}`);
    },
  );

  it('without such a file, the error shows how to write its name', () => {
    const error = { code: 'bad-source' };
    expect(() => openRecording('Suite: x.wav')).toThrow(
      expect.objectContaining({ ...error, message: expect.stringMatching(/write "\.\/Suite: x\.wav"\.$/) }),
    );
    expect(() => openSource('Suite: x.wav')).toThrow(
      expect.objectContaining({ ...error, message: expect.stringMatching(/write "file:Suite: x\.wav"\.$/) }),
    );
    expect(() => openSource('demo: x.wav')).toThrow(
      expect.objectContaining({ ...error, message: expect.stringMatching(/has a name after demo:/) }),
    );
  });
});
