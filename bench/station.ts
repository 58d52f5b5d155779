/*
 * Does a station give the frames that `track` gives of the same material, hour after hour?
 *
 *   npm run bench station -- [--icecast] [--minutes 60] [--model undertone] [--engine auto] FILE…
 *
 * The files (of one format that can be joined: MP3, ADTS or Ogg) are sent in turn, in real time, with ICY titles, as a
 * station sends them: a burst of 10 s at the start, then unevenly, with pauses of up to 6 s. With `--icecast` (MP3 only)
 * a real Icecast, fed by ffmpeg, sends them instead. The source is an ordinary broadcast: paced, with its buffer. Then
 * the bytes that were sent are tracked as a recording, and every frame is compared.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Random } from '../lab/train/random.ts';
import type { EngineName } from '../src/model/engine.ts';
import { createTracker } from '../src/node-api/create-tracker.ts';
import { decodeStream } from '../src/stream/decode/decode.ts';
import { httpSource } from '../src/stream/sources/http.ts';
import type { EmotionFrame, Source } from '../src/types.ts';
import { PASSWORD, startIcecastServer } from './soak/icecast-server.ts';
import { firstDifference } from './soak/verdict.ts';

const BURST_SECONDS = 10;
const PAUSE_SECONDS = 6;
const PAUSES = 0.02;
const TICK_SECONDS = 0.25;
const TITLE_BYTES = 16_000;

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    icecast: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '60' },
    model: { type: 'string', default: 'undertone' },
    engine: { type: 'string', default: 'auto' },
  },
});
const wantedSeconds = 60 * Number(values.minutes);
const songs = await Promise.all(
  files.map(async (path) => {
    const bytes = readFileSync(path);
    let seconds = 0;
    for await (const { samples, channels, sampleRateHz } of decodeStream(one(bytes)))
      seconds += samples.length / channels / sampleRateHz;
    return { title: basename(path), bytes, seconds };
  }),
);
/** What was sent, without titles. */
const sent: Uint8Array[] = [];
const titles: string[] = [];

let answered = false;
const server = createServer(async (_request, response) => {
  if (answered) return void response.destroy(); // It is over; the source tries to reconnect.
  answered = true;
  if (values.icecast) return void (await relayIcecast(response));
  response.writeHead(200, { 'Content-Type': 'audio/mpeg', 'icy-metaint': TITLE_BYTES, 'icy-name': 'bench' });
  const random = new Random(1);
  const startMs = performance.now();
  let [seconds, untilTitle, pauseUntilMs] = [0, TITLE_BYTES, 0];
  for (let i = 0; seconds < wantedSeconds && songs.length > 0; i++) {
    const { title, bytes, seconds: length } = songs[i % songs.length]!;
    titles.push(title);
    const tick = Math.ceil((bytes.length * TICK_SECONDS) / length);
    for (let at = 0; at < bytes.length; at += tick, seconds += TICK_SECONDS) {
      if (random.chance(PAUSES)) pauseUntilMs = performance.now() + 1000 * random.between(0, PAUSE_SECONDS);
      const dueMs = Math.max(startMs + 1000 * (seconds - BURST_SECONDS), pauseUntilMs);
      if (dueMs > performance.now()) await sleep(dueMs - performance.now());
      const piece = bytes.subarray(at, at + tick);
      sent.push(piece);
      for (let from = 0; from < piece.length; ) {
        const part = piece.subarray(from, from + untilTitle);
        response.write(part);
        from += part.length;
        untilTitle -= part.length;
        if (untilTitle > 0) continue;
        response.write(titleBlock(title));
        untilTitle = TITLE_BYTES;
      }
    }
  }
  response.end();
});
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

const tracker = await createTracker({ model: values.model, engine: values.engine as EngineName | 'auto' });
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/live`;
const live: EmotionFrame[] = [];
const events: Record<string, number> = {};
const latencies: number[] = [];
for await (const message of tracker.track(httpSource(url))) {
  if (message.type !== 'emotion') {
    events[message.type] = (events[message.type] ?? 0) + 1;
    if (message.type === 'source-lost') break; // The station is over.
  } else {
    live.push(message);
    latencies.push(message.latencyMs);
  }
}
server.closeAllConnections();
server.close();

const recording: Source = { uri: 'sent:', open: (signal) => decodeStream(all(), { signal }) };
const tracked: EmotionFrame[] = [];
tracker.reset();
for await (const message of tracker.track(recording)) if (message.type === 'emotion') tracked.push(message);
await tracker.close();

latencies.sort((a, b) => a - b);
console.table({
  'frames live': live.length,
  'frames of track': tracked.length,
  'first difference': firstDifference(live, tracked) ?? 'none',
  'titles sent': titles.length,
  ...events,
  'median latency (ms)': latencies[Math.floor(latencies.length / 2)],
});

/** Passes on what Icecast sends, for as long as was asked for. */
async function relayIcecast(response: ServerResponse): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-station-'));
  const icecast = await startIcecastServer(folder);
  const list = join(folder, 'songs.txt');
  writeFileSync(list, songs.map((_, i) => `file '${resolve(files[i]!)}'\n`).join(''));
  const to = [
    '-c',
    'copy',
    '-content_type',
    'audio/mpeg',
    '-f',
    'mp3',
    '-id3v2_version',
    '0',
    '-write_xing',
    '0',
  ];
  const mount = `icecast://source:${PASSWORD}@127.0.0.1:${icecast.port}/live`;
  const input = ['-re', '-stream_loop', '-1', '-f', 'concat', '-safe', '0', '-i', list];
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', ...input, ...to, mount], { stdio: 'ignore' });
  await sleep(4000); // Until there is a burst to send.
  const over = AbortSignal.timeout(1000 * wantedSeconds);
  void sendTitles(icecast.port, over);
  const headers = { 'Icy-MetaData': '1' };
  const from = await fetch(`http://127.0.0.1:${icecast.port}/live`, { headers, signal: over });
  const interval = Number(from.headers.get('icy-metaint'));
  response.writeHead(200, { 'Content-Type': 'audio/mpeg', 'icy-metaint': interval, 'icy-name': 'bench' });
  let [untilBlock, blockBytes] = [interval, 0];
  try {
    for await (const bytes of from.body!) {
      response.write(bytes);
      for (let at = 0; at < bytes.length; ) {
        if (blockBytes > 0) {
          const part = Math.min(blockBytes, bytes.length - at);
          [at, blockBytes] = [at + part, blockBytes - part];
        } else if (untilBlock === 0) {
          [untilBlock, blockBytes] = [interval, 16 * bytes[at++]!];
        } else {
          const audio = bytes.slice(at, at + untilBlock);
          sent.push(audio);
          [at, untilBlock] = [at + audio.length, untilBlock - audio.length];
        }
      }
    }
  } catch (error) {
    if (!over.aborted) throw error;
  }
  response.end();
  ffmpeg.kill('SIGKILL');
  icecast.process.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** Announces each song to Icecast when ffmpeg begins to send it. */
async function sendTitles(port: number, over: AbortSignal): Promise<void> {
  const authorization = `Basic ${Buffer.from(`source:${PASSWORD}`).toString('base64')}`;
  for (let i = 0; !over.aborted; i++) {
    const { title, seconds } = songs[i % songs.length]!;
    const query = new URLSearchParams({ mount: '/live', mode: 'updinfo', song: title });
    await fetch(`http://127.0.0.1:${port}/admin/metadata?${query}`, { headers: { authorization } });
    titles.push(title);
    await sleep(1000 * seconds, undefined, { signal: over }).catch(() => {});
  }
}

function titleBlock(title: string): Uint8Array {
  const text = Buffer.from(`StreamTitle='${title}';`);
  const block = Buffer.alloc(1 + 16 * Math.ceil(text.length / 16));
  block[0] = (block.length - 1) / 16;
  block.set(text, 1);
  return block;
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* all(): AsyncGenerator<Uint8Array> {
  yield* sent;
}
