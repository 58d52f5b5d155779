import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFragments } from '../../../../src/stream/sources/hls/mp4-fragments.ts';
import { httpSource } from '../../../../src/stream/sources/http.ts';
import { tempFolder } from '../../../server/support.ts';
import { lenaFile } from '../../../support/audio.ts';
import { collect } from '../../../support/collect.ts';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
if (!hasFfmpeg) console.warn('Skipped the tests of HLS by ffmpeg: install ffmpeg.');

function ffmpeg(args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args], { cwd });
  if (status !== 0) throw new Error(String(stderr));
}

async function serveFolder(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    const file = join(folder, request.url!.slice(1));
    if (existsSync(file)) createReadStream(file).pipe(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** RMS of the difference of two signals, at the shift of up to `most` samples where it is least. */
function leastDifference(a: Float32Array, b: Float32Array, most: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let shift = -most; shift <= most; shift++) {
    let sum = 0;
    const [from, to] = [most, Math.min(a.length, b.length) - most];
    for (let i = from; i < to; i += 7) sum += (a[i]! - b[i + shift]!) ** 2;
    least = Math.min(least, Math.sqrt(sum / ((to - from) / 7)));
  }
  return least;
}

const song = join(process.cwd(), lenaFile('wav'));
const read = async (url: string) =>
  collect(httpSource(url, { paced: false }).open(new AbortController().signal));

test.skipIf(!hasFfmpeg).each([
  ['MPEG transport streams', 'aac', ['-hls_segment_type', 'mpegts']],
  ['MP4 fragments', 'aac', ['-hls_segment_type', 'fmp4']],
  ['one file of MP4 in byte ranges', 'aac', ['-hls_segment_type', 'fmp4', '-hls_flags', 'single_file']],
  ['MPEG transport streams with MP3', 'libmp3lame', ['-hls_segment_type', 'mpegts']],
])('%s of ffmpeg give the samples that were encoded', async (_what, codec, flags) => {
  const folder = tempFolder();
  const hls = ['-f', 'hls', '-hls_time', '3', '-hls_list_size', '0', ...flags];
  ffmpeg(['-i', song, '-c:a', codec, '-b:a', '128k', ...hls, 'list.m3u8'], folder);
  const { samples, sampleRateHz } = await read(`${await serveFolder(folder)}/list.m3u8`);
  const original = await collect(
    httpSource(`${await serveFolder(join(process.cwd(), lenaFile('wav'), '..'))}/lena.wav`, {
      paced: false,
    }).open(new AbortController().signal),
  );
  expect(sampleRateHz).toBe(44_100);
  expect(samples.length / 44_100).toBeCloseTo(original.samples.length / 44_100, 0);
  expect(leastDifference(original.samples, samples, 2200)).toBeLessThan(0.01);
});

test.skipIf(!hasFfmpeg)('a discontinuity between two encodings by ffmpeg is played through', async () => {
  const folder = tempFolder();
  const hls = [
    '-f',
    'hls',
    '-hls_time',
    '3',
    '-hls_list_size',
    '0',
    '-hls_flags',
    'append_list+discont_start',
  ];
  ffmpeg(['-i', song, '-c:a', 'aac', ...hls, 'list.m3u8'], folder);
  ffmpeg(['-i', song, '-c:a', 'aac', '-ar', '32000', '-ac', '2', ...hls, 'list.m3u8'], folder);
  const { chunks } = await read(`${await serveFolder(folder)}/list.m3u8`);
  const secondsAt = (rate: number) =>
    chunks
      .filter(({ sampleRateHz }) => sampleRateHz === rate)
      .reduce((sum, { samples, channels }) => sum + samples.length / channels / rate, 0);
  expect(secondsAt(44_100)).toBeCloseTo(12.3, 0);
  expect(secondsAt(32_000)).toBeCloseTo(12.3, 0);
});

test.skipIf(!hasFfmpeg)('AAC in MP4 fragments becomes the ADTS that ffmpeg writes', async () => {
  const folder = tempFolder();
  const hls = ['-f', 'hls', '-hls_time', '3', '-hls_list_size', '0', '-hls_segment_type', 'fmp4'];
  ffmpeg(['-i', song, '-c:a', 'aac', ...hls, '-hls_fmp4_init_filename', 'init.mp4', 'list.m3u8'], folder);
  ffmpeg(['-i', song, '-c:a', 'aac', '-f', 'adts', 'whole.aac'], folder);
  const read = openFragments(readFileSync(join(folder, 'init.mp4')))!;
  const segments = readdirSync(folder)
    .filter((name) => name.endsWith('.m4s'))
    .sort();
  const adts = Buffer.concat(segments.map((name) => read(readFileSync(join(folder, name)))));
  expect(adts.equals(readFileSync(join(folder, 'whole.aac')))).toBe(true);
  expect(openFragments(readFileSync(join(folder, 'whole.aac')))).toBeUndefined();
});
