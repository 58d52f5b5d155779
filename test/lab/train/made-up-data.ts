import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../../lab/train/random.ts';
import { encodeWav } from '../../support/wav.ts';

const RATE_HZ = 8_000;
const SECONDS = 4;

/**
 * Writes labeled noise in undertone's own layout with a planted rule: arousal rises with loudness, valence with
 * brightness. One artist per song.
 *
 * @returns the folder
 */
export async function makeData(songs = 60): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'undertone-data-'));
  await mkdir(join(folder, 'audio'));
  const random = new Random(11);
  const rows = {
    songs: ['song_id,artist'],
    clips: ['song_id,file,start_ms'],
    dynamic: ['song_id,time_ms,valence,arousal'],
  };
  for (let song = 1; song <= songs; song++) {
    const [loudness, brightness] = [random.next(), random.next()];
    await writeFile(join(folder, 'audio', `${song}.wav`), wav(noise(random, loudness, brightness)));
    rows.songs.push(`${song},Artist ${song}`);
    rows.clips.push(`${song},audio/${song}.wav,15000`);
    for (let timeMs = 15_000; timeMs <= 15_000 + 1000 * SECONDS + 2000; timeMs += 500) {
      rows.dynamic.push(`${song},${timeMs},${0.8 * (brightness - 0.5)},${0.8 * (loudness - 0.5)}`);
    }
  }
  for (const [name, lines] of Object.entries(rows)) {
    await writeFile(join(folder, `${name}.csv`), `${lines.join('\n')}\n`);
  }
  return folder;
}

/** White noise through a one-pole low-pass filter; brightness raises its cut-off. */
function noise(random: Random, loudness: number, brightness: number): Float32Array {
  let y = 0;
  const gain = 10 ** (-1.5 + 1.3 * loudness);
  const samples = new Float32Array(RATE_HZ * SECONDS);
  for (let i = 0; i < samples.length; i++) {
    y += (0.05 + 0.9 * brightness) * (random.between(-1, 1) - y);
    samples[i] = y;
  }
  const rms = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
  return samples.map((x) => Math.max(-1, Math.min(1, (gain * 0.3 * x) / rms)));
}

/** Scaled by 32,767, so that full scale does not overflow 16 bits. */
function wav(samples: Float32Array): Uint8Array {
  const scaled = Float64Array.from(samples, (x) => (x * 32_767) / 32_768);
  return encodeWav(scaled, { sampleRateHz: RATE_HZ, channels: 1, encoding: 's16' });
}
