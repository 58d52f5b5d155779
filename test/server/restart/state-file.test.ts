import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encryptedSeal, PLAIN, type Seal } from '../../../src/server/restart/seal.ts';
import { readStates, type SavedStream, writeStates } from '../../../src/server/restart/state-file.ts';
import { STATE_VERSION, type TrackerState } from '../../../src/tracker.ts';
import { tempFolder } from '../support.ts';

const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

const saved = (stream: string): SavedStream => ({
  stream,
  run: 3,
  source: 'http://radio.example/stream',
  fingerprint: 'abc',
  profile: undefined,
  atMs: 1_700_000_000_000,
  state: {
    version: STATE_VERSION,
    analyzer: {},
    model: { h: Float32Array.from({ length: 300 }, (_, i) => Math.sin(i)) },
  } as unknown as TrackerState,
});

async function* all(...streams: SavedStream[]) {
  yield* streams;
}

const newFile = () => join(tempFolder(), 'undertone.state');

async function written(seal: Seal, ...names: string[]): Promise<string> {
  const file = newFile();
  expect(await writeStates(file, all(...names.map(saved)), seal)).toBe(true);
  return file;
}

describe.each<[string, Seal]>([
  ['plain', PLAIN],
  ['encrypted', encryptedSeal(KEY)],
])('%s', (_name, seal) => {
  test('reads what was written, readable by the owner only', async () => {
    const file = await written(seal, 'a', 'b');
    expect(await readStates(file, seal)).toEqual([saved('a'), saved('b')]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  test('a damaged byte anywhere is noticed', async () => {
    const file = await written(seal, 'a', 'b');
    const good = readFileSync(file);
    for (let at = 0; at < good.length; at += 7) {
      const bad = Buffer.from(good);
      bad[at]! ^= 0x10;
      writeFileSync(file, bad);
      const read = await readStates(file, seal).catch((error: unknown) => error);
      // Within the header, it may be a byte without a meaning, such as a space.
      if (!(read instanceof Error)) expect(read).toEqual([saved('a'), saved('b')]);
    }
  });

  test('a file that ends early is damaged, or has fewer streams', async () => {
    const file = await written(seal, 'a', 'b');
    const good = readFileSync(file);
    for (let length = 0; length < good.length; length += 11) {
      writeFileSync(file, good.subarray(0, length));
      const read = await readStates(file, seal).catch((error: unknown) => error);
      if (!(read instanceof Error)) expect([[], [saved('a')]]).toContainEqual(read);
    }
  });
});

test('an encrypted file shows nothing of the streams, and opens with its key only', async () => {
  const file = await written(encryptedSeal(KEY), 'secret-room');
  expect(readFileSync(file).includes('secret-room')).toBe(false);
  expect(readFileSync(file).includes('radio.example')).toBe(false);
  await expect(readStates(file, encryptedSeal(KEY.replace('0', '1')))).rejects.toThrow();
  await expect(readStates(file, PLAIN)).rejects.toThrow('it is encrypted, but the log is not');
  const plain = await written(PLAIN, 'a');
  await expect(readStates(plain, encryptedSeal(KEY))).rejects.toThrow('it is not encrypted, but the log is');
});

test('a file of something else, or of another version, is rejected', async () => {
  const file = await written(PLAIN, 'a');
  const text = readFileSync(file, 'latin1');
  const rejects = async (content: string, reason: string) => {
    writeFileSync(file, content, 'latin1');
    await expect(readStates(file, PLAIN)).rejects.toThrow(reason);
  };
  await rejects('', 'it is damaged');
  await rejects('{"hello":1}\n', 'it is not a file of undertone');
  await rejects(text.replace('"format":1', '"format":2'), 'another version');
  await rejects(text.replace(`"version":${STATE_VERSION}`, '"version":999'), 'another version');
  expect(await readStates(join(tempFolder(), 'none'), PLAIN)).toBeUndefined();
});

test('a write that fails leaves the old file', async () => {
  const file = await written(PLAIN, 'old');
  async function* failing() {
    yield saved('new');
    throw new Error('no more');
  }
  await expect(writeStates(file, failing(), PLAIN)).rejects.toThrow('no more');
  expect(await readStates(file, PLAIN)).toEqual([saved('old')]);
  expect(existsSync(`${file}.new`)).toBe(false);
  chmodSync(file, 0o644); // A file that others could read is replaced by one that they cannot.
  await writeStates(file, all(saved('new')), PLAIN);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('the size is bounded: streams that do not fit are left out', async () => {
  const file = newFile();
  expect(await writeStates(file, all(saved('a'), saved('b'), saved('c')), PLAIN, 4_000)).toBe(false);
  expect(await readStates(file, PLAIN)).toEqual([saved('a'), saved('b')]);
});
