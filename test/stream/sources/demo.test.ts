import { describe, expect, it } from 'vitest';
import type { Mood } from '../../../src/stream/sources/demo/character.ts';
import { type Bar, score } from '../../../src/stream/sources/demo/score.ts';
import { openSource } from '../../../src/stream/sources/index.ts';
import { collect, sameSamples } from '../../support/collect.ts';

const never = new AbortController().signal;

function passages(seed: number, count: number): { mood: Mood; start: number; seconds: number }[] {
  const found: { mood: Mood; start: number; seconds: number }[] = [];
  const bars: Iterator<Bar> = score(seed);
  for (;;) {
    const bar = bars.next().value as Bar;
    const last = found.at(-1);
    if (last?.mood === bar.mood) last.seconds += bar.seconds;
    else if (found.length === count) return found;
    else found.push({ mood: bar.mood, start: bar.start, seconds: bar.seconds });
  }
}

describe('demo:', () => {
  it('is the same piece for the same seed, another for another', async () => {
    const play = (uri: string) => collect(openSource(uri, { paced: false }).open(never), 6);
    const [a, b, c] = [await play('demo:?seed=7'), await play('demo:?seed=7'), await play('demo:?seed=8')];
    expect(a).toMatchObject({ sampleRateHz: 44_100, channels: 2 });
    expect(sameSamples(a.samples, b.samples)).toBe(true);
    expect(sameSamples(a.samples, c.samples)).toBe(false);
  });

  it('moves through all four moods, 30 to 45 s each, none twice in a row', () => {
    for (let seed = 0; seed < 20; seed++) {
      const found = passages(seed, 8);
      expect(new Set(found.slice(0, 4).map((passage) => passage.mood)).size).toBe(4);
      for (const passage of found) {
        expect(passage.seconds).toBeGreaterThanOrEqual(29.9);
        expect(passage.seconds).toBeLessThanOrEqual(45);
      }
    }
  });

  it('differs between its moods in loudness and brightness', async () => {
    const found = passages(3, 4);
    const end = found.at(-1)!;
    const source = openSource('demo:?seed=3&rate=16000&channels=1', { paced: false });
    const { samples } = await collect(source.open(never), end.start + end.seconds);
    const cues = Object.fromEntries(
      found.map(({ mood, start, seconds }) => {
        const part = samples.subarray(16_000 * start, 16_000 * (start + seconds));
        let energy = 0;
        let slope = 0;
        for (let i = 1; i < part.length; i++) {
          energy += part[i]! ** 2;
          slope += (part[i]! - part[i - 1]!) ** 2;
        }
        return [mood, { level: 10 * Math.log10(energy / part.length), brightness: slope / energy }];
      }),
    ) as Record<Mood, { level: number; brightness: number }>;
    for (const aroused of [cues.joyful, cues.tense]) {
      for (const quiet of [cues.calm, cues.sad]) {
        expect(aroused.level).toBeGreaterThan(quiet.level + 5);
        expect(aroused.brightness).toBeGreaterThan(1.5 * quiet.brightness);
      }
    }
    expect(cues.joyful.brightness).toBeGreaterThan(1.3 * cues.tense.brightness);
    expect(samples.every((value) => Math.abs(value) <= 1)).toBe(true);
    expect(cues.calm.level).toBeGreaterThan(-45);
  });

  it('can be mono and at other sample rates', async () => {
    const audio = await collect(openSource('demo:?rate=48000&channels=1', { paced: false }).open(never), 1);
    expect(audio).toMatchObject({ sampleRateHz: 48_000, channels: 1 });
    expect(audio.chunks[0]!.samples.length).toBe(4800);
  });

  it('ends on abort while it is paced', async () => {
    const abort = new AbortController();
    const items = openSource('demo:').open(abort.signal)[Symbol.asyncIterator]();
    await items.next();
    const waiting = items.next();
    abort.abort();
    expect((await waiting).done).toBe(true);
  });
});
