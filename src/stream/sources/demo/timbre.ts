export type Timbre = 'soft' | 'pluck' | 'reed' | 'bell' | 'brass' | 'bow';

export interface TimbreShape {
  /** Amplitude of harmonic `n`, from 1; harmonics above the limit of the rate are left out. */
  readonly harmonic: (n: number) => number;
  /** Seconds to rise; pads override it. */
  readonly attack: number;
  /** Seconds to fall to a third while held; Infinity: no decay. */
  readonly decay: number;
  readonly release: number;
  /** Depth in cents, at 5 Hz. */
  readonly vibrato: number;
}

export const TIMBRES: Readonly<Record<Timbre, TimbreShape>> = {
  soft: { harmonic: (n) => 1 / n ** 2.6, attack: 0.05, decay: 6, release: 0.8, vibrato: 0 },
  pluck: { harmonic: (n) => 1 / n ** 2, attack: 0.006, decay: 0.9, release: 0.9, vibrato: 0 },
  reed: {
    harmonic: (n) => (n % 2 === 1 ? 1 : 0.4) / n ** 1.2,
    attack: 0.01,
    decay: 1.2,
    release: 0.08,
    vibrato: 0,
  },
  bell: {
    harmonic: (n) => [1, 0.5, 0.25, 0.4, 0.1, 0.2][n - 1] ?? 0,
    attack: 0.004,
    decay: 0.35,
    release: 0.2,
    vibrato: 0,
  },
  brass: { harmonic: (n) => 1 / n ** 0.85, attack: 0.02, decay: 2, release: 0.07, vibrato: 0 },
  bow: {
    harmonic: (n) => 1 / n ** 1.7,
    attack: 0.18,
    decay: Number.POSITIVE_INFINITY,
    release: 0.5,
    vibrato: 14,
  },
};

/** Samples of one period. Tables have one more, a copy of the first, for interpolation. */
export const TABLE_LENGTH = 2048;

/** Tables by timbre and number of harmonics; few, because that number is a power of two. */
const tables = new Map<string, Float32Array>();

/** [TABLE_LENGTH + 1] one period of a timbre, peak 1, with the harmonics that fit under 16 kHz and 0.45 of the sample rate. */
export function waveTable(timbre: Timbre, frequencyHz: number, sampleRateHz: number): Float32Array {
  const fitting = Math.min(16_000, 0.45 * sampleRateHz) / frequencyHz;
  const harmonics = 2 ** Math.floor(Math.log2(Math.max(1, Math.min(64, fitting))));
  const key = `${timbre} ${harmonics}`;
  let table = tables.get(key);
  if (!table) {
    table = computeTable(TIMBRES[timbre].harmonic, harmonics);
    tables.set(key, table);
  }
  return table;
}

function computeTable(harmonic: (n: number) => number, harmonics: number): Float32Array {
  const table = new Float32Array(TABLE_LENGTH + 1);
  for (let n = 1; n <= harmonics; n++) {
    const amplitude = harmonic(n);
    if (amplitude === 0) continue;
    for (let i = 0; i < TABLE_LENGTH; i++) {
      table[i] = table[i]! + amplitude * Math.sin((2 * Math.PI * n * i) / TABLE_LENGTH);
    }
  }
  table[TABLE_LENGTH] = table[0]!;
  const peak = table.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return table.map((value) => value / peak);
}
