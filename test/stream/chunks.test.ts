import { expect, onTestFinished, test, vi } from 'vitest';
import { pace } from '../../src/stream/chunks.ts';
import type { AudioChunk } from '../../src/types.ts';

const RATE = 8000;

async function* seconds(count: number): AsyncGenerator<AudioChunk> {
  for (let i = 0; i < count; i++) {
    const samples = new Float32Array(RATE);
    yield { type: 'audio', sampleRateHz: RATE, channels: 1, samples, arrivedAtMs: 0 };
  }
}

test('pace yields a chunk no sooner than a player would have played it', async () => {
  const began = performance.now();
  let playedMs = 0;
  for await (const { samples } of pace(seconds(1), new AbortController().signal)) {
    playedMs += (1000 * samples.length) / RATE;
    expect(performance.now() - began).toBeGreaterThanOrEqual(playedMs - 2); // a timer may be that early
  }
  expect(playedMs).toBe(1000);
});

test('for a slow consumer, arrivedAtMs is when a chunk was due, until the schedule restarts', async () => {
  let clock = 0;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => clock);
  onTestFinished(() => now.mockRestore());
  const chunks = pace(seconds(3), new AbortController().signal);
  const arrived = async (atMs: number) => {
    clock = atMs;
    return (await chunks.next()).value?.arrivedAtMs;
  };
  expect(await arrived(0)).toBe(0); // and was due at 100: this clock does not move while it waits
  expect(await arrived(450)).toBe(200);
  expect(await arrived(460)).toBe(300);
  expect(await arrived(1650)).toBe(1650); // more than 1 s late
  expect(await arrived(1760)).toBe(1750);
  await chunks.return();
});
