import { describe, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import type { EmotionFrame } from '../../src/types.ts';
import { listening, missing, type ServeProcess, startWith } from '../server/serve-process.ts';
import { tempFolder, until } from '../server/support.ts';

if (missing !== '') console.warn(`The test of a killed server is skipped: ${missing} is missing.`);

describe.skipIf(missing !== '')('kill -9', () => {
  test('an open session continues, and a client receives everything that reached the log', async () => {
    const dataDir = tempFolder();
    const start = (onPort: number) =>
      startWith(
        {},
        ...['--source', 'piece=demo:', '--port', String(onPort), '--data-dir', dataDir, '--engine', 'wasm'],
      );
    const kill = async (running: ServeProcess) => {
      running.child.kill('SIGKILL');
      await until(() => running.code() !== undefined, 'the end');
    };
    let server = start(0);
    const { port } = await listening(server);
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

    await until(() => frames.length >= 3, 'three frames');
    const session = await client.sessions.start({ stream: 'piece', title: 'Evening' });
    const marker = await client.sessions.addMarker(session.id, { note: 'the lights go out' });
    const before = frames.length;
    await until(() => frames.length >= before + 3, 'three more');
    await kill(server);
    server = start(port);
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
    await kill(server);
  });
});
