/*
 * Does the server hold for months? Streams that change, break and come back, faster than real time where they can.
 *
 *   npm run soak -- [--hours 1] [--seed 1] [--pcm 48] [--radio 16] [--json]
 *
 * `hours` counts stream-hours: audio time, summed over all streams. The built program (`npm run build`) runs in a
 * process of its own; everything talks to 127.0.0.1. Sources: senders over WebSocket, a station of the harness, and
 * Icecast with ffmpeg where both are installed. The exit code is 1 if anything in `verdict.ts` is wrong. Ctrl-C ends the
 * run early, with the report of what there is.
 */
import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Random } from '../lab/train/random.ts';
import { type Comparisons, comparePcm, compareSongs } from './soak/compare.ts';
import { startIcecast } from './soak/icecast.ts';
import { hasIcecast } from './soak/icecast-server.ts';
import { startRadio } from './soak/radio.ts';
import { startRelay } from './soak/relay.ts';
import { printReport } from './soak/report.ts';
import { composePiece, sendForever } from './soak/senders.ts';
import { doctor, oldFrames, startServer, value } from './soak/server.ts';
import { encodeSongs, hasFfmpeg } from './soak/songs.ts';
import { type Allowed, growth, type Sample, unexplained } from './soak/verdict.ts';
import { Observer, useApi, watchBadly } from './soak/watchers.ts';

const SAMPLE_SECONDS = 10;
/** Time in which a stream must be back at the end: two stalls, and the longest wait between tries. */
const RETURN_SECONDS = 90;
/** The longest time that a station may be without frames: faults may follow each other. */
const ABSENT_SECONDS = 240;

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    pcm: { type: 'string', default: '48' },
    radio: { type: 'string', default: '16' },
    json: { type: 'boolean', default: false },
  },
});
const hours = Number(values.hours);
const random = new Random(Number(values.seed));
const folder = mkdtempSync(join(tmpdir(), 'undertone-soak-'));
const stop = new AbortController();
const { signal } = stop;
setMaxListeners(0, signal); // Every sender and watcher waits for it.
const fork = () => new Random(random.below(2 ** 31));

const pieces = await Promise.all([1, 2, 3, 4].map(composePiece));
const songs = hasFfmpeg() ? encodeSongs(folder, pieces) : [];
if (songs.length === 0) console.error('ffmpeg is not installed: no stations are tried.');
const radio = songs.length > 0 ? await startRadio(songs, fork()) : undefined;
const icecast =
  songs.length > 0 && hasIcecast() ? await startIcecast(folder, songs, fork(), signal) : undefined;
if (!icecast) console.error('Icecast or ffmpeg is not installed: the real station is not tried.');

const sources: Record<string, string> = {};
if (radio) for (let i = 0; i < Number(values.radio); i++) sources[`radio-${i}`] = `${radio.url}/station/${i}`;
for (const [i, mount] of icecast?.mounts.entries() ?? []) sources[`air-${i}`] = mount;
const server = await startServer(folder, sources);
// Nothing goes on if the harness fails; the server ends with it anyway.
process.once('exit', () => icecast?.close());
const observer = new Observer();
const relay = await startRelay(server.url, fork(), signal);
const farObserver = new Observer();
const comparisons: Comparisons = { frames: 0, streams: 0, differences: [] };
const compared = { server, observer, comparisons, signal };
const problems: string[] = [];
const startedMs = performance.now();
const elapsed = () => (performance.now() - startedMs) / 1000;

void observer.watch(server.url, signal).catch(fail);
void farObserver.watch(relay.url, signal).catch(fail);
// Frames before the first message would be missing in the comparison.
while (!observer.events.hello) await sleep(50);
for (let i = 0; i < Number(values.pcm); i++) {
  const one = { url: server.url, stream: `pcm-${i}`, pieces, random: fork(), signal, maxSeconds: 1200 };
  void sendForever(one);
}
void comparePcm(compared, pieces, fork()).catch(fail);
if (radio) void compareSongs(compared, { songs, radio: radio.url, random: fork() }).catch(fail);
for (let i = 0; i < 4; i++) void watchBadly(server.url, fork(), signal);
const api = useApi(server.url, fork(), signal);

let interrupted = false;
process.once('SIGINT', () => {
  interrupted = true;
});
let cpuSeconds = 0;
const samples: Sample[] = [];
while (observer.streamHours < hours && server.child.exitCode === null && !interrupted) {
  await sleep(SAMPLE_SECONDS * 1000);
  const sample = await server.sample(elapsed()).catch(() => undefined);
  if (!sample) continue;
  samples.push(sample);
  cpuSeconds = server.cpuSeconds();
  process.stderr.write(
    `\r${observer.streamHours.toFixed(1)} of ${hours} h, ${(elapsed() / 60).toFixed(1)} min, ${sample.rssMb.toFixed(0)} MB, ${sample.handles} handles, ${sample.loopLagMs.toFixed(0)} ms, ${comparisons.streams} compared  `,
  );
}
if (server.child.exitCode !== null) problems.push(`The server ended with code ${server.child.exitCode}.`);
const metrics = await server.metrics().catch(() => '');
problems.push(...(await missingStreams()));
problems.push(...(await oldFrames(server.url, [...Object.keys(sources), 'demo']).catch(failed)));
stop.abort();
radio?.close();
relay.close();
const answers = await api;
await sleep(2000);
icecast?.close();
const code = await server.stop();
if (code !== 0) problems.push(`The server ended with code ${code} on SIGTERM.`);
const unsound = doctor(server.dataDir);
if (unsound) problems.push(`undertone doctor: ${unsound}`);

problems.push(...growth(samples), ...observer.holes.map((hole) => `A hole in seq: ${hole}`));
problems.push(...farObserver.holes.map((hole) => `A hole in seq after reconnecting: ${hole}`));
for (const [stream, seconds] of observer.absences)
  if (stream in sources && seconds > ABSENT_SECONDS)
    problems.push(`${stream} gave no frames for ${seconds.toFixed(0)} s.`);
for (const incident of unexplained(observer.incidents, allowed))
  problems.push(`Unexplained: ${incident.stream}: ${incident.type}: ${incident.message}`);
problems.push(...comparisons.differences.map((difference) => `Live differs from track: ${difference}`));
if (comparisons.streams === 0) problems.push('Nothing was compared with track.');
for (const name of ['undertone_log_dropped_total', 'undertone_log_failing']) {
  if (value(metrics, name) > 0) problems.push(`${name} is ${value(metrics, name)}.`);
}
for (const [call, count] of Object.entries(answers))
  if (/ 5\d\d$/.test(call)) problems.push(`${call} (${count} times)`);

printReport(
  {
    hours,
    seconds: elapsed(),
    cpuSeconds,
    samples,
    observer,
    comparisons,
    answers,
    radio,
    icecast,
    relay: { cuts: relay.cuts, frames: farObserver.frames },
    longestAbsence: Math.max(0, ...Object.keys(sources).map((name) => observer.absences.get(name) ?? 0)),
    problems,
  },
  values.json,
);
rmSync(folder, { recursive: true, force: true });
process.exit(problems.length > 0 ? 1 : 0);

function fail(error: unknown): void {
  if (!signal.aborted) problems.push(...failed(error));
}

function failed(error: unknown): string[] {
  return [`The harness failed: ${error instanceof Error ? error.message : error}`];
}

/** What the harness does to each kind of stream. */
function allowed(stream: string): Allowed {
  if (/^(radio|air)-/.test(stream)) return { gaps: ['format-change', 'invalid-samples'], stops: [] };
  // A sender that vanishes or sends nonsense ends its stream with the reason.
  if (/^pcm-\d/.test(stream))
    return { gaps: [], stops: ['connection-lost', 'bad-message', 'truncated-audio'] };
  // Two joined songs may differ in format.
  if (/^song-/.test(stream)) return { gaps: ['format-change'], stops: [] };
  return { gaps: [], stops: [] };
}

/** Stations that give no frames any more, after they had time to come back. */
async function missingStreams(): Promise<string[]> {
  const names = Object.keys(sources);
  const seen = async () =>
    new Map(
      (
        (await (await fetch(`${server.url}/v1/streams`)).json()) as {
          streams: { stream: string; last: { seq: number } | null; run: number }[];
        }
      ).streams.map(({ stream, last, run }) => [stream, `${run} ${last?.seq}`]),
    );
  if (names.length === 0 || server.child.exitCode !== null) return [];
  const before = await seen();
  for (let waited = 0; waited < RETURN_SECONDS; waited += 5) {
    await sleep(5000);
    const now = await seen();
    if (names.every((name) => now.get(name) !== before.get(name))) return [];
  }
  const now = await seen();
  return names
    .filter((name) => now.get(name) === before.get(name))
    .map((name) => `${name} did not come back.`);
}
