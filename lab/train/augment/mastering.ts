import type { SourceItem } from '../../../src/types.ts';
import { Random } from '../random.ts';

/**
 * How another master of a recording may sound. Collections differ in level, in bass and treble, and a little in speed, none
 * of which says much of what the music expresses.
 */
export interface Mastering {
  /** Speed of the playback, which moves the pitch as well: 1.05 is 5 % faster and almost a semitone higher. */
  readonly speed: number;
  readonly gainDb: number;
  /** Gain of a shelf under 200 Hz. */
  readonly bassDb: number;
  /** Gain of a shelf above 3 kHz. */
  readonly trebleDb: number;
}

const BASS_HZ = 200;
const TREBLE_HZ = 3000;

/**
 * Draws masterings of a clip. They depend on the clip's name only, not on the seed of the training, so that every
 * training finds their features in the cache.
 *
 * @param clip name of the clip
 */
export function drawMasterings(clip: string, count: number): Mastering[] {
  return Array.from({ length: count }, (_, i) => {
    const random = Random.of(`mastering/${clip}/${i}`);
    return {
      speed: Math.round(200 * random.between(0.91, 1.1)) / 200,
      gainDb: tenths(random.between(-18, 4)),
      bassDb: tenths(random.between(-5, 5)),
      trebleDb: tenths(random.between(-5, 5)),
    };
  });
}

function tenths(value: number): number {
  return Math.round(10 * value) / 10;
}

/** The audio of a source with another mastering. Speed is a sample rate of another value: the samples stay as many. */
export async function* remastered(
  items: AsyncIterable<SourceItem>,
  { speed, gainDb, bassDb, trebleDb }: Mastering,
): AsyncGenerator<SourceItem, void, undefined> {
  let filters: Shelf[] = [];
  let format = '';
  for await (const item of items) {
    if (item.type !== 'audio') {
      yield item;
      continue;
    }
    const { channels, sampleRateHz } = item;
    if (format !== `${sampleRateHz}/${channels}`) {
      format = `${sampleRateHz}/${channels}`;
      filters = [
        new Shelf('low', BASS_HZ, bassDb, sampleRateHz, channels),
        new Shelf('high', TREBLE_HZ, trebleDb, sampleRateHz, channels),
      ];
    }
    const gain = 10 ** (gainDb / 20);
    const samples = item.samples.map((sample) => gain * sample);
    for (const filter of filters) filter.apply(samples);
    yield { ...item, samples, sampleRateHz: Math.round(speed * sampleRateHz) };
  }
}

/** A shelving filter of slope 1 on interleaved samples (Bristow-Johnson, Audio EQ Cookbook). */
class Shelf {
  readonly #b: readonly [number, number, number];
  readonly #a: readonly [number, number];
  /** [channels, 2] memories of the direct form II, transposed. */
  readonly #memory: Float64Array;
  readonly #channels: number;

  /** @param hz where half of the gain in dB is reached */
  constructor(kind: 'low' | 'high', hz: number, gainDb: number, sampleRateHz: number, channels: number) {
    const root = 10 ** (gainDb / 40);
    const angle = (2 * Math.PI * hz) / sampleRateHz;
    const sign = kind === 'low' ? 1 : -1;
    const cos = sign * Math.cos(angle);
    const wide = 2 * Math.sqrt(root) * (Math.sin(angle) / Math.SQRT2);
    const a0 = root + 1 + (root - 1) * cos + wide;
    this.#b = [
      (root * (root + 1 - (root - 1) * cos + wide)) / a0,
      (sign * 2 * root * (root - 1 - (root + 1) * cos)) / a0,
      (root * (root + 1 - (root - 1) * cos - wide)) / a0,
    ];
    this.#a = [(sign * -2 * (root - 1 + (root + 1) * cos)) / a0, (root + 1 + (root - 1) * cos - wide) / a0];
    this.#memory = new Float64Array(2 * channels);
    this.#channels = channels;
  }

  /** Filters in place. */
  apply(samples: Float32Array): void {
    const [b0, b1, b2] = this.#b;
    const [a1, a2] = this.#a;
    for (let i = 0; i < samples.length; i++) {
      const m = 2 * (i % this.#channels);
      const x = samples[i]!;
      const y = b0 * x + this.#memory[m]!;
      this.#memory[m] = b1 * x - a1 * y + this.#memory[m + 1]!;
      this.#memory[m + 1] = b2 * x - a2 * y;
      samples[i] = y;
    }
  }
}
