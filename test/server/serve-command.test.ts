import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lenaFile } from '../support/audio.ts';
import { runHere } from '../support/run-here.ts';
import { missing, start } from './serve-process.ts';
import { Client, tempFolder, until } from './support.ts';

if (missing !== '') console.warn(`Tests of undertone serve are skipped: ${missing} is missing.`);

describe.skipIf(missing !== '')('undertone serve', () => {
  test('plays, responds, analyzes a file, and shuts down on Ctrl-C', async () => {
    const dataDir = tempFolder();
    const server = start(
      '--source',
      'piece=demo:?seed=3',
      '--port',
      '0',
      '--data-dir',
      dataDir,
      '--engine',
      'wasm',
      '--model',
      'undertone',
    );
    await until(
      () => server.out.includes('Press Ctrl-C to stop.') || server.code() !== undefined,
      'the start',
    );
    expect(server.err).toMatch(/"stream":"piece".*Started with the source demo:/);
    const url = /dashboard {2}(http:\S+)/.exec(server.out)![1]!;
    expect(server.out).toMatch(/model {6}undertone on wasm/);
    const live = new Client({ port: Number(new URL(url).port) }, '/v1/live');
    await live.received('emotion', 3);

    const song = readFileSync(lenaFile('mp3'));
    const analyzed = await fetch(`${url}v1/analyze`, { method: 'POST', body: new Uint8Array(song) });
    expect(((await analyzed.json()) as { frames: unknown[] }).frames).toHaveLength(24);
    const refused = await fetch(`${url}v1/analyze`, { method: 'POST', body: 'Once upon a time' });
    expect({ status: refused.status, body: await refused.json() }).toMatchObject({
      status: 422,
      body: { code: 'bad-audio', detail: expect.stringMatching(/^The uploaded file is not audio/) },
    });

    server.child.kill('SIGINT');
    await until(() => server.code() !== undefined, 'the end');
    expect(server.code()).toBe(0);
    expect(server.err).not.toContain('was cut off');
    expect((await live.closed).code).toBe(1001);
    expect(live.of('stream-stopped')).toHaveLength(1);
  });

  // Before anything is started.
  test.each([
    ['a port that is not a number', ['--port', 'eighty'], 2, 'Expected a port from 0 to 65535'],
    ['an unknown option', ['--sauce', 'demo:'], 2, "unknown option '--sauce'"],
    ['an unknown source', ['--source', 'tape:'], 2, '"tape:" is not a known kind of source'],
    [
      'two sources with one name',
      ['--source', 'a=demo:', '--source', 'a=demo:'],
      2,
      'Two sources are named "a"',
    ],
    [
      'a missing configuration',
      ['--config', '/missing.json'],
      1,
      'The configuration /missing.json does not exist',
    ],
  ])('%s is reported in one sentence', async (_what, args, code, sentence) => {
    const ended = await runHere(['serve', '--data-dir', join(tempFolder(), 'data'), ...args]);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(sentence);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });

  test.each([
    ['an open server without a token', ['--host', '0.0.0.0', '--source', 'demo:'], 2, 'a token is needed'],
    ['an unknown model', ['--model', 'nope', '--source', 'demo:'], 1, 'There is no model "nope"'],
    ['a missing file', ['--source', 'file:/missing.ogg', '--port', '0'], 1, 'There is no file /missing.ogg'],
    [
      'a data directory that cannot be created',
      ['--data-dir', '/dev/null/x', '--source', 'demo:'],
      1,
      'Cannot write the log',
    ],
  ])('%s is reported in one sentence', async (_what, args, code, sentence) => {
    const server = start('--data-dir', join(tempFolder(), 'data'), ...args);
    await until(() => server.code() !== undefined, 'the end');
    expect(server.code()).toBe(code);
    expect(server.err).toContain(sentence);
    expect(server.err).not.toMatch(/^\s+at /m);
  });

  test('a configuration with a stream that can never start is reported in one sentence that names the key', async () => {
    const folder = tempFolder();
    const file = join(folder, 'undertone.json');
    const streams = [
      { name: 'a', source: 'demo:' },
      { name: 'b', source: 'ftp://x' },
    ];
    writeFileSync(file, JSON.stringify({ dataDir: 'data', engine: 'wasm', streams }));
    const server = start('--config', file);
    await until(() => server.code() !== undefined, 'the end');
    expect(server.code()).toBe(2);
    expect(server.err).toContain('streams[1].source: "ftp://x" is not a known kind of source');
    expect(server.err.trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  test('continues when its stderr is closed', async () => {
    const options = ['--port', '0', '--data-dir', tempFolder(), '--engine', 'wasm'];
    const server = start('--source', 'demo:', ...options);
    await until(
      () => server.out.includes('Press Ctrl-C to stop.') || server.code() !== undefined,
      'the start',
    );
    server.child.stderr?.destroy();
    const port = Number(new URL(/dashboard {2}(http:\S+)/.exec(server.out)![1]!).port);
    const live = new Client({ port }, '/v1/live?streams=demo');
    // The start of a stream is logged on stderr.
    const sender = await new Client({ port }, '/v1/streams/booth/audio').opened();
    sender.socket.send('{"type":"hello","format":"s16le","sampleRate":8000,"channels":1}');
    await sender.received('ready');
    await live.received('emotion', 3);
    expect(server.code()).toBeUndefined();
  });

  test('a port in use is reported in one sentence', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    onTestFinished(() => void other.close());
    const server = start('--port', String(port), '--source', 'demo:', '--data-dir', tempFolder());
    await until(() => server.code() !== undefined, 'the end');
    expect({ code: server.code(), err: server.err }).toEqual({
      code: 1,
      err: `undertone: Port ${port} is in use, perhaps by another undertone: stop that, or choose another port with --port.\n`,
    });
  });
});
