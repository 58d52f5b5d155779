import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openTrackSinks } from '../../src/commands/track-sinks.ts';
import { missing, start } from './serve-process.ts';
import { frameOf, tempFolder, until } from './support.ts';

const SERVE = ['--source', 'a=demo:', '--port', '0', '--engine', 'wasm', '--model', 'undertone-lite'];

test.skipIf(missing !== '')(
  'serve writes only frames to standard output for stdout:, its text to standard error',
  async () => {
    const server = start(...SERVE, '--data-dir', tempFolder(), '--sink', 'stdout:');
    await until(() => server.out.split('\n').length > 3 || server.code() !== undefined, 'three frames');
    expect(server.code(), server.err).toBeUndefined();
    const frames = server.out
      .split('\n')
      .slice(0, 3)
      .map((line) => JSON.parse(line));
    expect(frames.map(({ type, stream, seq }) => [type, stream, seq])).toEqual(
      [0, 1, 2].map((seq) => ['emotion', 'a', seq]),
    );
    expect(server.err).toContain('Press Ctrl-C to stop.');
  },
);

test.skipIf(missing !== '')('serve goes on when the reader of its standard output leaves', async () => {
  const dataDir = tempFolder();
  const program = [
    process.execPath,
    'dist/cli.js',
    'serve',
    ...SERVE,
    '--data-dir',
    dataDir,
    '--sink',
    'stdout:',
  ];
  const quoted = program.map((word) => `'${word}'`).join(' ');
  const child = spawn('sh', ['-c', `exec ${quoted} | head -n 1`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void process.kill(-child.pid!, 'SIGKILL'));
  let err = '';
  child.stderr.on('data', (text) => (err += text));
  await until(
    () => /The sink stdout: is down \(the receiver has closed the connection\)/.test(err),
    'the loss',
  );
  const url = /dashboard {2}(http:\S+)/.exec(err)![1]!;
  const { sinks } = (await (await fetch(`${url}v1/streams/a/sinks`)).json()) as { sinks: unknown[] };
  expect(sinks).toMatchObject([{ sink: 'stdout:', state: 'down', delivered: expect.any(Number) }]);
  expect(existsSync(join(dataDir, 'undertone.db'))).toBe(true);
});

test('track does not mix a sink with its own frames', () => {
  expect(() => openTrackSinks(['stdout:'], undefined)).toThrow(
    'The frames go to standard output already: add --out FILE, or leave out --sink stdout:.',
  );
});

test('track writes every frame to a sink for files, as fast as they come', async () => {
  const path = join(tempFolder(), 'frames.csv');
  const sinks = openTrackSinks([`file:${path}`], undefined);
  for (let seq = 0; seq < 5_000; seq++) await sinks.write(frameOf('a', seq));
  await sinks.close();
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(5_002);
});
