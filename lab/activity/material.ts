import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { mixToMono } from '../../src/stream/mono.ts';
import { openRecording } from '../../src/stream/sources/index.ts';
import { UserError } from '../../src/user-error.ts';
import { requireFolder } from '../datasets/files.ts';
import type { Clip } from '../datasets/song.ts';
import { type Part, partOf } from '../datasets/split.ts';
import { readCached, writeCached } from '../train/cache/cache-file.ts';
import { Random } from '../train/random.ts';
import { CATALOG, type CatalogEntry, type Kind } from './catalog.ts';
import { resample } from './resample.ts';

/** Sample rate of all material; mel frames contain nothing above 8 kHz. */
export const MATERIAL_HZ = 16_000;
/** Increase it when the same files give other samples. */
const VERSION = 1;
/** The most that is read of one recording. */
const RECORDING_SECONDS = 120;
/** The most that is read of one source of the catalog, so that none dominates. */
const SOURCE_SECONDS = 45 * 60;
/** Name of DEAM's clips in the material. */
export const DEAM = 'deam';
const RECORDING = /\.(wav|ogg|oga|opus|mp3|flac)$/i;

/** Recordings of one voice or collection: mono, MATERIAL_HZ, 16 bits, without silence at the ends. */
export interface Material {
  readonly name: string;
  readonly kind: Kind;
  readonly recordings: readonly Int16Array[];
  readonly seconds: number;
}

interface MaterialRequest {
  /** Folder that scripts/activity-data.sh has filled. */
  readonly data: string;
  /** Clips of DEAM; they are split into parts by artist, as for every other model. */
  readonly clips: readonly Clip[];
  readonly part: Part;
  readonly cacheFolder: string;
  readonly onSource?: (name: string) => void;
}

/**
 * Reads one part of the material.
 *
 * @throws UserError `bad-data` if the folder or a source is missing
 */
export async function readMaterial({
  data,
  clips,
  part,
  cacheFolder,
  onSource = () => {},
}: MaterialRequest): Promise<Material[]> {
  await requireFolder(data, 'speech and music, as scripts/activity-data.sh fetches them');
  const all: Material[] = [];
  const add = async (name: string, kind: Kind, paths: readonly string[], most: number) => {
    onSource(name);
    const recordings = await cachedRecordings(paths, most, cacheFolder);
    const samples = recordings.reduce((sum, { length }) => sum + length, 0);
    all.push({ name, kind, recordings, seconds: samples / MATERIAL_HZ });
  };
  for (const entry of CATALOG) {
    if (entry.part === part) await add(entry.name, entry.kind, await filesOf(entry, data), SOURCE_SECONDS);
  }
  const ofPart = clips.filter(({ song }) => partOf(song) === part).map(({ path }) => path);
  if (ofPart.length > 0) await add(DEAM, 'music', ofPart, Number.POSITIVE_INFINITY);
  return all;
}

async function filesOf(entry: CatalogEntry, data: string): Promise<string[]> {
  const folder = join(data, entry.folder);
  const files = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const paths = files
    .filter((file) => file.isFile() && RECORDING.test(file.name))
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => !entry.only || entry.only.test(relative(data, path)))
    .sort();
  if (paths.length > 0) return paths;
  throw new UserError(
    'bad-data',
    `The folder ${folder} has no recordings for "${entry.name}"; fill the data folder with scripts/activity-data.sh.`,
  );
}

/** Reads recordings, from the cache if they were decoded before. */
async function cachedRecordings(
  paths: readonly string[],
  seconds: number,
  cacheFolder: string,
): Promise<Int16Array[]> {
  const hash = createHash('sha256').update(`${VERSION}/${seconds}`);
  for (const path of paths) {
    const { size, mtimeMs } = await stat(path);
    hash.update(`/${path}/${size}/${mtimeMs}`);
  }
  const place = join(cacheFolder, `activity-${hash.digest('hex').slice(0, 24)}.pcm`);
  const cached = await readCached(place);
  if (cached) return unpack(cached);
  const recordings = await decodeSome(paths, seconds);
  await writeCached(place, pack(recordings));
  return recordings;
}

/** Decodes recordings in random order until there are `seconds` of them. */
async function decodeSome(paths: readonly string[], seconds: number): Promise<Int16Array[]> {
  const recordings: Int16Array[] = [];
  let left = seconds * MATERIAL_HZ;
  for (const i of new Random(1).permutation(paths.length)) {
    const samples = trimmed(await decode(paths[i]!).catch(emptyIfBadAudio));
    if (samples.length < 0.1 * MATERIAL_HZ) continue;
    recordings.push(samples);
    left -= samples.length;
    if (left < 0) break;
  }
  return recordings;
}

/** Some packages contain a file without samples among hundreds of prompts. */
function emptyIfBadAudio(fault: unknown): Float32Array {
  if (fault instanceof UserError && fault.code === 'bad-audio') return new Float32Array(0);
  throw fault;
}

async function decode(path: string): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  let rate = MATERIAL_HZ;
  let count = 0;
  const source = openRecording(path).source.open(new AbortController().signal);
  for await (const item of source) {
    if (item.type !== 'audio') continue;
    rate = item.sampleRateHz;
    const mono = new Float32Array(item.samples.length / item.channels);
    parts.push(mixToMono(item.samples, item.channels, mono).slice());
    count += mono.length;
    if (count >= RECORDING_SECONDS * rate) break;
  }
  const whole = new Float32Array(count);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return resample(whole, rate, MATERIAL_HZ);
}

const BLOCK = MATERIAL_HZ / 50;

/** Keeps the samples from the first to the last block of 20 ms within 40 dB of the loudest one, as 16-bit integers. */
function trimmed(samples: Float32Array): Int16Array {
  const blocks = Math.floor(samples.length / BLOCK);
  const energy = Float64Array.from({ length: blocks }, (_, b) => {
    let sum = 0;
    for (let i = b * BLOCK; i < (b + 1) * BLOCK; i++) sum += samples[i]! ** 2;
    return sum;
  });
  const limit = energy.reduce((a, b) => Math.max(a, b), 0) * 1e-4;
  if (limit === 0) return new Int16Array(0);
  const first = energy.findIndex((e) => e >= limit);
  const last = energy.findLastIndex((e) => e >= limit);
  return Int16Array.from(samples.subarray(first * BLOCK, (last + 1) * BLOCK), (x) =>
    Math.max(-32768, Math.min(32767, Math.round(x * 32767))),
  );
}

/** Number of recordings, the length of each, then the samples. */
function pack(recordings: readonly Int16Array[]): Uint8Array {
  const head = Int32Array.of(recordings.length, ...recordings.map(({ length }) => length));
  return Buffer.concat([bytesOf(head), ...recordings.map(bytesOf)]);
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Int16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function unpack(buffer: ArrayBuffer): Int16Array[] {
  const count = new Int32Array(buffer, 0, 1)[0]!;
  let at = 4 * (1 + count);
  return Array.from(new Int32Array(buffer, 4, count), (length) => {
    const samples = new Int16Array(buffer, at, length);
    at += 2 * length;
    return samples;
  });
}
