import type { Weights } from '../weights.ts';

/** Sizes of the network that separates speech from music. */
export interface SpeechNetworkConfig {
  /** Length of a summary (summary.ts). */
  readonly inputs: number;
  /** Width of the dense layer before the LSTM. */
  readonly projection: number;
  readonly hidden: number;
}

/** Inputs are clipped to this many standard deviations, so that unusual sound cannot dominate. */
const INPUT_LIMIT = 5;

/** The shape of every array by name. Arrays with the names of the emotion network's (network.ts) mean the same. */
export function speechShapes({
  inputs,
  projection,
  hidden,
}: SpeechNetworkConfig): Record<string, readonly number[]> {
  return {
    'input/mean': [inputs],
    'input/scale': [inputs],
    'project/kernel': [inputs, projection],
    'project/bias': [projection],
    'lstm/input-kernel': [projection, 4 * hidden], // gates in the order input, forget, cell, output
    'lstm/hidden-kernel': [hidden, 4 * hidden],
    'lstm/bias': [4 * hidden],
    'speech/kernel': [hidden + projection, 1],
    'speech/bias': [1],
  };
}

/** LSTM memory of one stream, [hidden] each. */
export interface SpeechMemory {
  readonly h: Float32Array;
  readonly c: Float32Array;
}

/**
 * Summary → dense → LSTM → log-odds of speech, in plain loops: at this size they take less time than a call of an
 * engine, and the result does not depend on the engine. All streams share it; its scratch arrays are reused.
 */
export class SpeechNetwork {
  readonly #config: SpeechNetworkConfig;
  readonly #weights: Readonly<Record<string, Float32Array>>;
  readonly #features: Float32Array;
  readonly #gates: Float32Array;

  constructor(config: SpeechNetworkConfig, weights: Weights) {
    this.#config = config;
    this.#weights = Object.fromEntries(Object.entries(weights).map(([name, { values }]) => [name, values]));
    this.#features = new Float32Array(config.projection);
    this.#gates = new Float32Array(4 * config.hidden);
  }

  /**
   * Computes one step of one stream.
   *
   * @param summary [inputs]
   * @param memory updated in place
   * @returns log-odds of speech
   */
  step(summary: Float32Array, memory: SpeechMemory): number {
    const weights = this.#weights;
    const features = this.#project(summary);
    const gates = this.#gates;
    gates.set(weights['lstm/bias']!);
    addProduct(gates, features, weights['lstm/input-kernel']!);
    addProduct(gates, memory.h, weights['lstm/hidden-kernel']!);
    const { hidden } = this.#config;
    const head = weights['speech/kernel']!;
    let logOdds = weights['speech/bias']![0]!;
    for (let i = 0; i < hidden; i++) {
      const kept = sigmoid(gates[hidden + i]!) * memory.c[i]!;
      const c = kept + sigmoid(gates[i]!) * Math.tanh(gates[2 * hidden + i]!);
      const h = sigmoid(gates[3 * hidden + i]!) * Math.tanh(c);
      memory.c[i] = c;
      memory.h[i] = h;
      logOdds += h * head[i]!;
    }
    for (let i = 0; i < features.length; i++) logOdds += features[i]! * head[hidden + i]!;
    return logOdds;
  }

  #project(summary: Float32Array): Float32Array {
    const weights = this.#weights;
    const mean = weights['input/mean']!;
    const scale = weights['input/scale']!;
    const kernel = weights['project/kernel']!;
    const features = this.#features;
    const width = features.length;
    features.set(weights['project/bias']!);
    for (let i = 0, k = 0; i < summary.length; i++, k += width) {
      const z = (summary[i]! - mean[i]!) / scale[i]!;
      const clipped = z > INPUT_LIMIT ? INPUT_LIMIT : z < -INPUT_LIMIT ? -INPUT_LIMIT : z;
      for (let j = 0; j < width; j++) features[j]! += clipped * kernel[k + j]!;
    }
    for (let j = 0; j < width; j++) if (features[j]! < 0) features[j] = 0;
    return features;
  }
}

/** out += row · kernel; kernel [row, out] */
function addProduct(out: Float32Array, row: Float32Array, kernel: Float32Array): void {
  const width = out.length;
  for (let i = 0, k = 0; i < row.length; i++, k += width) {
    const x = row[i]!;
    if (x === 0) continue; // many features are 0 after the ReLU
    for (let j = 0; j < width; j++) out[j]! += x * kernel[k + j]!;
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
