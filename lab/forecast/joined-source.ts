import type { AudioChunk, Source } from '../../src/types.ts';
import { resample } from '../activity/resample.ts';
import { decodeMonoUntil } from '../train/features/recording.ts';
import type { Piece } from './pieces.ts';

/** Sample rate of joined recordings. */
const RATE_HZ = 44_100;
const CHUNK_SAMPLES = 22_050;

/** A stretch of a recording in a sequence. Times in seconds. */
export interface Stretch {
  readonly piece: Piece;
  readonly from: number;
  readonly seconds: number;
  readonly gainDb: number;
  /** Crossfade with the stretch before (positive), or silence before this one (negative); 0 for a cut. */
  readonly overlap: number;
}

/** Plays stretches of recordings one after another, as a source of mono audio without pacing. */
export function joinedSource(stretches: readonly Stretch[]): Source {
  return {
    uri: 'joined:',
    async *open() {
      let tail: Float32Array = new Float32Array(0); // the end of the stretch before, for the crossfade
      for (const [i, stretch] of stretches.entries()) {
        const samples = await samplesOf(stretch);
        if (stretch.overlap < 0) yield* chunksOf(new Float32Array(Math.round(-stretch.overlap * RATE_HZ)));
        const shared = Math.min(tail.length, samples.length);
        // Equal power: the two recordings are not correlated.
        for (let k = 0; k < shared; k++) {
          const risen = (k + 1) / (shared + 1);
          samples[k] = Math.sqrt(risen) * samples[k]! + Math.sqrt(1 - risen) * tail[k]!;
        }
        yield* chunksOf(tail.subarray(shared));
        const next = stretches[i + 1]?.overlap ?? 0;
        const kept = Math.min(samples.length, Math.max(0, Math.round(next * RATE_HZ)));
        tail = samples.slice(samples.length - kept);
        yield* chunksOf(samples.subarray(0, samples.length - kept));
      }
    },
  };
}

/** A recording that ends before the stretch does gives its last `seconds`, or all of it. */
async function samplesOf({ piece, from, seconds, gainDb }: Stretch): Promise<Float32Array> {
  const { mono, sampleRateHz } = await decodeMonoUntil(piece.path, from + seconds);
  const end = Math.min(mono.length, Math.round((from + seconds) * sampleRateHz));
  const start = Math.max(0, end - Math.round(seconds * sampleRateHz));
  const gain = 10 ** (gainDb / 20);
  return resample(mono.slice(start, end), sampleRateHz || RATE_HZ, RATE_HZ).map((x) => gain * x);
}

function* chunksOf(samples: Float32Array): Generator<AudioChunk> {
  for (let at = 0; at < samples.length; at += CHUNK_SAMPLES) {
    yield {
      type: 'audio',
      samples: samples.slice(at, at + CHUNK_SAMPLES),
      sampleRateHz: RATE_HZ,
      channels: 1,
      arrivedAtMs: 0,
    };
  }
}
