import { concatFloats } from '../../util/concat-floats.ts';
import { packLayer, placeLayer, sizeOfLayer } from '../kernels/dense-layer.ts';
import { createLayerKernels, roundUp } from '../kernels/layer-kernels.ts';
import { standardized } from '../standardized.ts';
import type { Weights } from '../weights.ts';

/** Sizes of the network that separates speech from music. */
export interface SpeechNetworkConfig {
  /** Length of a summary (summary.ts). */
  readonly inputs: number;
  /** Width of the dense layer before the LSTM. */
  readonly projection: number;
  readonly hidden: number;
}

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
 * Summary → dense → LSTM → log-odds of speech, by the kernels of the models: at this size a call of an engine would take
 * longer, and the result does not depend on the engine. All streams share it; its memory is reused.
 */
export class SpeechNetwork {
  readonly #config: SpeechNetworkConfig;
  readonly #weights: Readonly<Record<string, Float32Array>>;
  readonly #layers: ReturnType<typeof createLayers>;

  constructor(config: SpeechNetworkConfig, weights: Weights) {
    this.#config = config;
    this.#weights = Object.fromEntries(Object.entries(weights).map(([name, { values }]) => [name, values]));
    this.#layers = createLayers(config, weights);
  }

  /**
   * Computes one step of one stream.
   *
   * @param summary [inputs]
   * @param memory updated in place
   * @returns log-odds of speech
   */
  step(summary: Float32Array, memory: SpeechMemory): number {
    const { projection, hidden } = this.#config;
    const { kernels, project, gates, areas } = this.#layers;
    const { z, features, joined, sums, h, c } = areas;
    const weights = this.#weights;
    standardized(summary, weights['input/mean']!, weights['input/scale']!, z.floats);
    project(z.at, 1, features.at);
    joined.floats.set(features.floats.subarray(0, projection));
    joined.floats.set(memory.h, projection);
    gates(joined.at, 1, sums.at);
    c.floats.set(memory.c);
    kernels.lstm(sums.at, h.at, c.at, 1, hidden);
    memory.h.set(h.floats.subarray(0, hidden));
    memory.c.set(c.floats.subarray(0, hidden));
    const head = weights['speech/kernel']!;
    let logOdds = weights['speech/bias']![0]!;
    for (let i = 0; i < hidden; i++) logOdds += h.floats[i]! * head[i]!;
    for (let i = 0; i < projection; i++) logOdds += features.floats[i]! * head[hidden + i]!;
    return logOdds;
  }
}

function createLayers({ inputs, projection, hidden }: SpeechNetworkConfig, weights: Weights) {
  const valuesOf = (name: string) => weights[name]!.values;
  const project = packLayer(weights['project/kernel']!, valuesOf('project/bias'));
  const gates = packLayer(
    {
      shape: [projection + hidden, 4 * hidden],
      values: concatFloats([valuesOf('lstm/input-kernel'), valuesOf('lstm/hidden-kernel')]),
    },
    valuesOf('lstm/bias'),
  );
  const { kernels, areas } = createLayerKernels({
    project: sizeOfLayer(project),
    gates: sizeOfLayer(gates),
    z: inputs,
    features: project.columns,
    joined: projection + hidden, // features and memory
    sums: gates.columns,
    h: roundUp(hidden, 4),
    c: roundUp(hidden, 4),
  });
  return {
    kernels,
    areas,
    project: placeLayer(kernels, project, areas.project, 0),
    gates: placeLayer(kernels, gates, areas.gates),
  };
}
