import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import type { EmotionFrame } from '../../src/types.ts';
import { tempFolder, until } from '../server/support.ts';
import { freePort } from '../support/free-port.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(ROOT, 'dist/cli.js');
const missing = !existsSync(CLI)
  ? 'npm run build'
  : existsSync(join(ROOT, 'models/undertone/model.json'))
    ? ''
    : 'models/undertone';
if (missing !== '') console.warn(`The test of a killed server is skipped: ${missing} is missing.`);

describe.skipIf(missing !== '')('kill -9', () => {
  test('an open session continues, and a client receives everything that reached the log', async () => {
    const [dataDir, port] = [tempFolder(), await freePort()];
    const client = createClient({ url: `http://127.0.0.1:${port}/` });
    const abort = new AbortController();
    onTestFinished(() => abort.abort());
    const frames: (EmotionFrame & { life: number })[] = [];
    let hellos = 0;
    const reading = (async () => {
      for await (const message of client.live({ streams: ['piece'], since: '-1:1', signal: abort.signal })) {
        if (message.type === 'hello') hellos++;
        else if (message.type === 'emotion') frames.push({ ...message, life: hellos });
      }
    })();

    let server = start(port, dataDir);
    await until(() => frames.length >= 3, 'three frames');
    const session = await client.sessions.start({ stream: 'piece', title: 'Evening' });
    const marker = await client.sessions.addMarker(session.id, { note: 'the lights go out' });
    const before = frames.length;
    await until(() => frames.length >= before + 3, 'three more');
    await server.end();
    server = start(port, dataDir);
    await until(() => hellos === 2, 'the second hello');
    const back = frames.length;
    await until(() => frames.length >= back + 3, 'three of the second run');

    expect(await client.sessions.get(session.id)).toMatchObject({
      title: 'Evening',
      state: 'open',
      markers: 1,
    });
    expect(await client.sessions.markers(session.id)).toEqual([marker]);
    const stopped = await client.sessions.stop(session.id);
    expect(stopped.seconds).toBeGreaterThan(3);
    const kept = (await client.sessions.emotions(session.id)).frames;
    const times = new Set(kept.map(({ time }) => time));
    // The new run is in the span from its first frame on.
    expect(kept.some(({ seq, time }) => seq === 0 && time > marker.time)).toBe(true);
    for (const { time, life } of frames)
      if (life === 2 && time > session.startedAt && time < stopped.stoppedAt!) expect(times).toContain(time);

    abort.abort();
    await reading;
    // Each frame of each run once, without a gap. The kill may cost the log its last second, which the client
    // had received already.
    expect(new Set(frames.map(({ time, seq }) => `${time} ${seq}`)).size).toBe(frames.length);
    const first = frames.filter(({ life }) => life === 1).map(({ seq }) => seq);
    expect(first).toEqual(first.map((_, i) => first[0]! + i));
    const all = frames.map(({ seq }) => seq);
    const second = all.lastIndexOf(0);
    expect(all.slice(second)).toEqual(all.slice(second).map((_, i) => i));
    await server.end();
  });
});

/** Starts the built `undertone serve`; `end` kills it. */
function start(port: number, dataDir: string) {
  const options = [
    '--source',
    'piece=demo:',
    '--port',
    String(port),
    '--data-dir',
    dataDir,
    '--engine',
    'wasm',
  ];
  const child: ChildProcess = spawn(
    process.execPath,
    [CLI, 'serve', '--model', 'undertone-lite', ...options],
    { stdio: 'ignore' },
  );
  const gone = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    async end(): Promise<void> {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
