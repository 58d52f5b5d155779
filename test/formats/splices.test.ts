import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeClips } from './clips.ts';
import { outcomeOf, random } from './damage.ts';
import { ffmpeg, type Kit } from './encode.ts';
import { skippedWithout } from './programs.ts';

const FORMATS = [
  ['wav', '-c:a pcm_s16le'],
  ['mp3', '-c:a libmp3lame -b:a 128k'],
  ['aac', '-c:a aac -f adts'],
  ['flac', '-c:a flac'],
  ['ogg', '-c:a libvorbis'],
  ['opus', '-c:a libopus'],
  ['m4a', '-c:a aac -movflags +faststart'],
  ['webm', '-c:a libopus'],
  ['aiff', '-c:a pcm_s16be'],
  ['caf', '-c:a pcm_s16le'],
] as const;

/** Seconds of each file. */
const SECONDS = 2.25;
const PLAIN: readonly string[] = ['wav', 'aiff', 'caf'];
/** Pairs of which the second is ignored at present and nobody is informed: a pair leaves this list with its fault. */
const SILENT: readonly string[] = [];

const files = new Map<string, Buffer>();
let folder: string;

beforeAll(async () => {
  if (skippedWithout) return;
  folder = await mkdtemp(join(tmpdir(), 'undertone-splices-'));
  const kit: Kit = { clips: await writeClips(folder) };
  for (const [extension, args] of FORMATS) {
    const path = join(folder, `song.${extension}`);
    await ffmpeg(args, 'first')(kit, path);
    files.set(extension, await readFile(path));
  }
});
afterAll(() => folder && rm(folder, { recursive: true, force: true }));

/** Ten pairs of formats, each joined at a random place of the first, with the second from a random place. */
const SPLICES = FORMATS.map(([first], i) => {
  const next = random(i + 1);
  const step = 1 + Math.floor(next() * (FORMATS.length - 1));
  const [second] = FORMATS[(i + step) % FORMATS.length]!;
  return { first, second, end: next(), begin: i % 2 === 0 ? 0 : next() };
});

it.skipIf(skippedWithout !== '').each(SPLICES)(
  '$first and then $second: what had arrived is delivered',
  async (splice) => {
    const [first, second] = [files.get(splice.first)!, files.get(splice.second)!];
    const end = Math.floor(splice.end * first.length);
    const alone = await outcomeOf(first.subarray(0, end));
    const spliced = Buffer.concat([first.subarray(0, end), second.subarray(splice.begin * second.length)]);
    const both = await outcomeOf(spliced);
    expect(both.seconds, JSON.stringify(both)).toBeGreaterThan(alone.seconds - 0.1);
    // Either the second is played too, or somebody is informed that something is wrong.
    const there = (SECONDS * (second.length - splice.begin * second.length)) / second.length;
    const isPlayed = both.seconds > alone.seconds + 0.8 * there;
    // The header announces a number of bytes, and any bytes are samples.
    const isFilled = PLAIN.includes(splice.first) && both.seconds > 0.95 * SECONDS;
    const isSilent = !both.word && !isPlayed && !isFilled;
    expect(isSilent, JSON.stringify(both)).toBe(SILENT.includes(`${splice.first} ${splice.second}`));
  },
);
