import { readFileSync } from 'node:fs';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { checksum } from '../../../src/stream/decode/ogg-page.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { httpSource } from '../../../src/stream/sources/http.ts';
import { track } from '../../../src/tracker.ts';
import type { StreamEvent } from '../../../src/types.ts';
import { lenaFile, sine } from '../../support/audio.ts';
import { fakeStepper } from '../../support/fake-model.ts';
import { answerOf, rawServer } from '../../support/raw-server.ts';
import { encodeWav } from '../../support/wav.ts';

const fft = await loadFft();

/** The titles that a tracker reports of a broadcast with these bytes, and when. */
async function titlesOf(headers: readonly string[], body: Uint8Array) {
  const url = await rawServer(() => answerOf(['ICY 200 OK', ...headers], body));
  const source = httpSource(`${url}/live`, { paced: false });
  const tracker = track(source, { stream: 'radio', stepper: fakeStepper(), fft });
  const messages = await lastValueFrom(tracker.messages$.pipe(toArray()));
  return messages.filter((message): message is Extract<StreamEvent, { type: 'track' | 'track-ended' }> =>
    message.type.startsWith('track'),
  );
}

describe('an ICY title', () => {
  const RATE_HZ = 16_000;
  const INTERVAL = 4_000;
  const wav = encodeWav(sine(440, 8, RATE_HZ), { sampleRateHz: RATE_HZ, channels: 1, encoding: 's16' });
  const block = (text: string) => {
    const length = Math.ceil(Buffer.byteLength(text) / 16);
    return Buffer.concat([
      Buffer.of(length),
      Buffer.from(text),
      Buffer.alloc(16 * length - Buffer.byteLength(text)),
    ]);
  };
  /** @param titles by the number of their block */
  const withTitles = (titles: Record<number, string>): Buffer => {
    const parts: Uint8Array[] = [];
    for (let at = 0, i = 1; at + INTERVAL <= wav.length; at += INTERVAL, i++)
      parts.push(wav.subarray(at, at + INTERVAL), block(i in titles ? `StreamTitle='${titles[i]}';` : ''));
    return Buffer.concat(parts);
  };

  test('begins with the samples that follow it', async () => {
    const body = withTitles({ 2: 'A - One', 20: 'A - One', 40: 'B - Two', 50: '' });
    const titles = await titlesOf([`icy-metaint: ${INTERVAL}`], body);
    expect(titles.map(({ type, title }) => `${type} ${title}`)).toEqual([
      'track One',
      'track-ended One',
      'track Two',
      'track-ended Two',
    ]);
    for (const [i, blocks] of [2, 40, 40, 50].entries()) {
      const seconds = (blocks * INTERVAL - 44) / 2 / RATE_HZ;
      expect(Math.abs(titles[i]!.t - seconds)).toBeLessThan(0.01);
    }
  });

  test('is requested, and absent if the server sends none', async () => {
    expect(await titlesOf(['icy-name: x'], wav)).toEqual([]);
  });
});

describe('the tags of chained Ogg streams', () => {
  /** The file with other tags. The second page of lena.opus and lena.ogg begins with the comments. */
  function tagged(extension: 'opus', tags: readonly string[]): Buffer {
    const file = readFileSync(lenaFile(extension));
    const second = file.indexOf('OggS', 4);
    const third = file.indexOf('OggS', second + 4);
    const text = (value: string) => {
      const bytes = Buffer.from(value);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return Buffer.concat([length, bytes]);
    };
    const count = Buffer.alloc(4);
    count.writeUInt32LE(tags.length);
    const body = Buffer.concat([Buffer.from('OpusTags'), text('test'), count, ...tags.map(text)]);
    const lacing = [...Array(Math.floor(body.length / 255)).fill(255), body.length % 255];
    const page = Buffer.concat([
      file.subarray(second, second + 26),
      Buffer.from([lacing.length, ...lacing]),
      body,
    ]);
    page.writeUInt32LE(checksum(page), 22);
    return Buffer.concat([file.subarray(0, second), page, file.subarray(third)]);
  }

  test('begin a track where their stream begins', async () => {
    const picture = `METADATA_BLOCK_PICTURE=${'A'.repeat(3000)}`;
    const body = Buffer.concat([
      tagged('opus', ['TITLE=Eins', 'artist=Ä']),
      tagged('opus', [picture, 'Title=B - Two']),
      tagged('opus', ['COMMENT=none']),
    ]);
    const titles = await titlesOf(['Content-Type: application/ogg'], body);
    expect(titles.map(({ type, title, artist }) => [type, title, artist])).toEqual([
      ['track', 'Eins', 'Ä'],
      ['track-ended', 'Eins', 'Ä'],
      ['track', 'Two', 'B'],
      ['track-ended', 'Two', 'B'],
    ]);
    expect(titles[0]!.t).toBe(0);
    const seconds = titles[2]!.t;
    expect(seconds).toBeGreaterThan(12.2);
    expect(seconds).toBeLessThan(12.4);
    expect(titles[3]!.t).toBeCloseTo(2 * seconds, 5);
  });
});
