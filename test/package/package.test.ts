import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { lenaFile } from '../support/audio.ts';
import { type Packed, packAndInstall, ROOT, run } from './packed.ts';

/** The package as a user gets it: packed from a clean copy, installed into an empty folder, without a network. */

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const SONG = join(ROOT, lenaFile('wav'));
const MAX_BYTES = 16 * 2 ** 20;

let packed: Packed;
beforeAll(async () => {
  packed = await packAndInstall();
}, 600_000);
afterAll(() => packed?.dispose());

const inConsumer = (program: string, ...args: string[]) =>
  run(program, args, { cwd: packed.consumer, env: packed.env });
const withNode = (script: string, ...args: string[]) =>
  run(process.execPath, [join(ROOT, 'node_modules', script), ...args], { cwd: ROOT, env: packed.env });

test('has the program, the page, the types, the models with their notices, and nothing else', () => {
  const paths = packed.files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'README.md',
      'dist/cli.js',
      'dist/src/client/index.d.ts',
      'dist/dashboard/index.html',
      'dist/src/index.d.ts',
      'dist/src/index.js',
      'models/ced-streaming/LICENSE',
      'models/undertone/NOTICE-ced.md',
      'models/undertone/card.md',
      'models/undertone/weights.bin',
      'package.json',
      'undertone.schema.json',
    ]),
  );
  expect(paths.filter((path) => !/^(dist|models)\//.test(path)).sort()).toEqual([
    'LICENSE',
    'README.md',
    'package.json',
    'undertone.schema.json',
  ]);
  const needless = /\.map$|tsbuildinfo|training\.jsonl$|\.test\.|(?<!\.d)\.tsx?$/;
  expect(paths.filter((path) => needless.test(path))).toEqual([]);
  expect(packed.size).toBeLessThan(MAX_BYTES);
});

test('passes publint', async () => {
  expect(await withNode('publint/src/cli.js', packed.tarball, '--strict')).toContain('All good!');
});

test('passes @arethetypeswrong/cli', async () => {
  const args = [packed.tarball, '--profile', 'esm-only', '--no-color', '--no-emoji'];
  await withNode('@arethetypeswrong/cli/dist/index.js', ...args);
});

test('has types that compile in a strict project', async () => {
  writeFileSync(join(packed.consumer, 'use.mts'), CONSUMER);
  const tsconfig = {
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2023'],
      module: 'Node16',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      typeRoots: [join(ROOT, 'node_modules/@types')],
      types: ['node'],
    },
    files: ['use.mts'],
  };
  writeFileSync(join(packed.consumer, 'tsconfig.json'), JSON.stringify(tsconfig));
  await withNode('typescript/bin/tsc', '-p', packed.consumer);
});

const CONSUMER = `
import { analyzeFile, createTracker, type EmotionFrame, type Source, UserError } from 'undertone';
import { createClient, type LiveMessage } from 'undertone/client';
import { filter, map, type Observable } from 'rxjs';

const tracker = await createTracker({ stream: 'booth', model: 'undertone-lite' });
const pcm = { sampleRateHz: 48_000, channels: 2, format: 's16le' } as const;
const moods: Observable<string | null> = tracker.observe(process.stdin, pcm).pipe(
  filter((message) => message.type === 'emotion'),
  map((frame) => frame.mood),
);
const source: Source = { uri: 'mine:', async *open() {} };
for await (const message of tracker.track(source)) if (message.type === 'gap') message.seconds.toFixed();
for await (const { valence } of analyzeFile(new URL('song.ogg', import.meta.url))) valence?.toFixed();
const transform = tracker.transform({ sampleRateHz: 48_000, channels: 2 });
const frames: EmotionFrame[] = [];
const saved = await tracker.save();
await (await createTracker({ state: saved })).close();
// @ts-expect-error PCM needs to be described
tracker.track(new Float32Array(2));
// @ts-expect-error there is no such option
createTracker({ sampleRate: 1 });
export const all: unknown[] = [moods, transform, frames, UserError, createClient({ url: 'http://localhost' })];
export type { LiveMessage };
`;

test('can be imported as a library', async () => {
  const program = `
    import { analyzeFile } from 'undertone';
    let frames = 0;
    for await (const { t } of analyzeFile(process.argv[2], { model: 'undertone-lite', engine: 'wasm' })) frames++;
    console.log(frames);`;
  writeFileSync(join(packed.consumer, 'analyze.mjs'), program);
  expect(await inConsumer(process.execPath, 'analyze.mjs', SONG)).toBe('24\n');
});

test('prints its version', async () => {
  expect(await inConsumer('npx', 'undertone', '--version')).toBe(`${version}\n`);
});

test('tracks a recording with the included model', async () => {
  const frames = await inConsumer('npx', 'undertone', 'track', SONG, '--engine', 'wasm');
  expect(frames.trim().split('\n')).toHaveLength(24);
  expect(JSON.parse(frames.slice(0, frames.indexOf('\n')))).toMatchObject({ type: 'emotion', seq: 0 });
});

test('serves the dashboard', async () => {
  const args = ['--no', 'undertone', 'serve', '--source', 'demo:', '--port', '0'];
  const server = spawn('npx', [...args, '--data-dir', 'data', '--engine', 'wasm'], {
    cwd: packed.consumer,
    env: packed.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void process.kill(-server.pid!, 'SIGKILL'));
  const page = await fetch(await addressOf(server));
  expect(page.status).toBe(200);
  const html = await page.text();
  expect(html).toContain('<title>undertone');
  for (const [, asset] of html.matchAll(/(?:src|href)="([^"#]+)"/g)) {
    expect((await fetch(new URL(asset!, page.url))).status, asset).toBe(200);
  }
  const health = await fetch(new URL('healthz', page.url));
  expect(await health.json()).toMatchObject({ version });
});

/** The URL of the dashboard, as the server prints it. */
async function addressOf(server: ChildProcess): Promise<string> {
  let written = '';
  for (const stream of [server.stdout!, server.stderr!]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      written += text;
    });
  }
  const exit = once(server, 'exit');
  for (;;) {
    const address = /dashboard {2}(https?:\/\/[^/\s]+\/)/.exec(written)?.[1];
    if (address) return address;
    const ended = await Promise.race([exit.then(() => true), once(server.stdout!, 'data').then(() => false)]);
    if (ended) throw new Error(`The server did not start: ${written}`);
  }
}
