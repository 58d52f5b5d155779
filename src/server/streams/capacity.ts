import { availableParallelism } from 'node:os';
import { lastValueFrom } from 'rxjs';
import type { AudioChunk, Source } from '../../types.ts';
import type { StartTracker } from './hub-options.ts';

/**
 * Cores that streams may use in real time. The rest is for clients, the log and bursts, such as a new song on many
 * stations at once.
 */
export const usableCores = (cores = availableParallelism()): number => 0.8 * cores;

/**
 * What a stream costs besides its analysis, in seconds of CPU time per second: receiving or decoding the audio, the log,
 * and a few clients. Measured by `npm run bench streams -- --ws`.
 */
const SERVING_COST = 0.003;

const FORMAT = { sampleRateHz: 44_100, channels: 2 };
const SECONDS = 1;
/** Rounds have as many streams as fit in this time of CPU, since a step costs less in a batch. */
const ROUND_MS = 80;
const MAX_STREAMS_OF_ROUND = 16;
/** The first rounds compile the code: the cheapest one counts. */
const MIN_ROUNDS = 6;
const ENOUGH_MS = 300;

/**
 * Measures what one stream of a tracker costs, in seconds of CPU time of the process per second of 44.1 kHz stereo, and
 * adds what it costs to serve it. CPU time is about the same on a busy machine, unlike the time that passes. Takes a
 * third of a second of it; 0 for a tracker that fails.
 */
export async function measureCost(startTracker: StartTracker): Promise<number> {
  let leastMs = Number.POSITIVE_INFINITY;
  let totalMs = 0;
  for (let round = 0; round < MIN_ROUNDS || totalMs < ENOUGH_MS; round++) {
    const streams = Math.max(1, Math.min(MAX_STREAMS_OF_ROUND, Math.floor(ROUND_MS / leastMs)));
    const start = process.cpuUsage();
    const last = await Promise.all(
      Array.from({ length: streams }, (_, i) =>
        lastValueFrom(startTracker(NOISE, `capacity-${i}`).messages$, { defaultValue: undefined }),
      ),
    );
    const { user, system } = process.cpuUsage(start);
    const ms = (user + system) / 1000;
    if (ms === 0 || last.some((message) => message?.type !== 'stream-stopped' || message.code !== undefined))
      return 0;
    leastMs = Math.min(leastMs, ms / (streams * SECONDS));
    totalMs += ms;
  }
  return leastMs / 1000 + SERVING_COST;
}

/** Noise that every run of the program has alike, at a level that is not silence: xorshift32. */
const NOISE: Source = {
  uri: 'noise:',
  async *open() {
    let state = 1;
    for (let second = 0; second < SECONDS; second += 0.25) {
      const samples = new Float32Array(0.25 * FORMAT.sampleRateHz * FORMAT.channels);
      for (let i = 0; i < samples.length; i++) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        samples[i] = (0.1 * state) / 2 ** 31;
      }
      yield { type: 'audio', ...FORMAT, samples, arrivedAtMs: performance.now() } satisfies AudioChunk;
    }
  },
};
