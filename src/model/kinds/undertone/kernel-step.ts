import type { ModelState } from '../../../types.ts';
import { concatFloats } from '../../../util/concat-floats.ts';
import { packLayer, placeLayer, sizeOfLayer } from '../../kernels/dense-layer.ts';
import { createLayerKernels } from '../../kernels/layer-kernels.ts';
import type { Weights } from '../../weights.ts';
import { LOG_SD_RANGE, type NetworkConfig, REGRESSION_SHARE } from './network.ts';
import { LOG_SD, MEMORY, type NetworkStep, NOVELTY, type StepInputs } from './network-step.ts';

/*
 * The step of network.ts by undertone's own kernels, for the engine `wasm`: LSTM, dense layers, and the kernel regression.
 * The engine takes some fifty operations, most of which do little; here one call computes a layer of all streams, and the
 * few numbers that the heads return are combined in plain code.
 */

/** Streams, or steps of one, at once. */
const STREAMS = 16;
const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Whether the kernels compute a network of these sizes: eight units of the LSTM at once. */
export const fitsKernels = ({ members, hidden }: NetworkConfig): boolean => (members * hidden) % 8 === 0;

/** @param weights of the wide network (see ensemble.ts) */
export function kernelStep(weights: Weights, config: NetworkConfig): NetworkStep {
  const { inputs, members } = config;
  const hidden = members * config.hidden;
  const projection = members * config.projection;
  const width = hidden + projection;
  const length = MEMORY + 2 * hidden;
  const valuesOf = (name: string) => weights[name]!.values;
  const project = packLayer(weights['project/kernel']!, valuesOf('project/bias'));
  // Both take the memory and the features in a row, as they are stored for the heads.
  const gates = packLayer(
    {
      shape: [width, 4 * hidden],
      values: concatFloats([valuesOf('lstm/hidden-kernel'), valuesOf('lstm/input-kernel')]),
    },
    valuesOf('lstm/bias'),
  );
  const heads = packLayer(weights['emotion/kernel']!, valuesOf('emotion/bias'));
  const squares = config.landmarks > 0 ? squaresLayer(weights) : undefined;
  const landmarks = squares?.columns ?? 0; // config.landmarks, rounded up
  const { kernels, areas } = createLayerKernels({
    project: sizeOfLayer(project),
    gates: sizeOfLayer(gates),
    heads: sizeOfLayer(heads),
    squares: squares ? sizeOfLayer(squares) : 0,
    near: 2 * landmarks, // [2, landmarks] weights of the regression
    z: STREAMS * inputs,
    means: landmarks > 0 ? STREAMS * 2 * inputs : 0,
    features: STREAMS * project.columns,
    joined: STREAMS * width, // memory and features of each stream
    sums: STREAMS * gates.columns,
    h: STREAMS * hidden,
    c: STREAMS * hidden,
    ofHeads: STREAMS * heads.columns,
    distances: STREAMS * landmarks,
    regression: 2,
  });
  const projectRows = placeLayer(kernels, project, areas.project, 0);
  const gateRows = placeLayer(kernels, gates, areas.gates);
  const headRows = placeLayer(kernels, heads, areas.heads);
  const squareRows = squares && placeLayer(kernels, squares, areas.squares);
  if (squares) areas.near.floats.set(transposed(valuesOf('kernel/weights'), landmarks));
  const { z, means, features, joined, sums, h, c, ofHeads, distances, regression } = areas;

  /** Computes at most STREAMS streams, and writes the memory of each and what the heads return of it. */
  function computeLayers(memories: readonly ModelState[]): void {
    const n = memories.length;
    projectRows(z.at, n, features.at);
    for (const [i, memory] of memories.entries()) {
      join(i, memory.h!);
      c.floats.set(memory.c!, i * hidden);
    }
    gateRows(joined.at, n, sums.at);
    kernels.lstm(sums.at, h.at, c.at, n, hidden);
    computeHeads(n);
  }

  /** The same for at most STREAMS steps of one stream: only the LSTM takes one after another. */
  function computeSteps(n: number, memory: ModelState): void {
    projectRows(z.at, n, features.at);
    let last = memory.h!;
    c.floats.set(memory.c!);
    for (let i = 0; i < n; i++) {
      if (i > 0) c.floats.copyWithin(i * hidden, (i - 1) * hidden, i * hidden);
      join(i, last);
      gateRows(joined.at + BYTES * i * width, 1, sums.at);
      kernels.lstm(sums.at, h.at + BYTES * i * hidden, c.at + BYTES * i * hidden, 1, hidden);
      last = h.floats.subarray(i * hidden, (i + 1) * hidden);
    }
    computeHeads(n);
  }

  /** Puts the memory before a step and its features in a row. */
  function join(i: number, memory: Float32Array): void {
    const ofRow = features.floats.subarray(i * project.columns, i * project.columns + projection);
    joined.floats.set(memory, i * width);
    joined.floats.set(ofRow, i * width + hidden);
  }

  function computeHeads(n: number): void {
    for (let i = 0; i < n; i++) {
      joined.floats.set(h.floats.subarray(i * hidden, (i + 1) * hidden), i * width);
    }
    headRows(joined.at, n, ofHeads.at);
    squareRows?.(means.at, n, distances.at);
  }

  /** The kernel regression of one stream in `regression`. @returns its novelty (see kernel-regression.ts) */
  function regress(i: number): number {
    const width = 2 * inputs;
    let squared = 0; // |z|²
    for (let k = i * width; k < (i + 1) * width; k++) squared += means.floats[k]! ** 2;
    const scale = valuesOf('kernel/scale')[0]!;
    const added = scale * scale * squared;
    const from = distances.at + BYTES * i * landmarks;
    kernels.gaussian(from, landmarks, added, areas.near.at, regression.at);
    const linear = valuesOf('kernel/linear');
    for (let axis = 0; axis < 2; axis++) {
      let sum = regression.floats[axis]! + valuesOf('kernel/bias')[axis]!;
      for (let k = 0; k < width; k++) sum += means.floats[i * width + k]! * linear[2 * k + axis]!;
      regression.floats[axis] = Math.max(-1, Math.min(1, sum));
    }
    let nearest = Infinity;
    for (let k = i * landmarks; k < i * landmarks + config.landmarks; k++) {
      if (distances.floats[k]! < nearest) nearest = distances.floats[k]!;
    }
    return Math.max(0, nearest + added);
  }

  function meanSquare(i: number): number {
    let squared = 0;
    for (let k = i * inputs; k < (i + 1) * inputs; k++) squared += z.floats[k]! ** 2;
    return squared / inputs;
  }

  /** The outputs of one stream as the mixture of network.ts: valence, arousal, log sd of both, novelty. */
  function combine(i: number, out: Float32Array): void {
    out[NOVELTY] = squares ? regress(i) : meanSquare(i);
    const of = i * heads.columns;
    for (let axis = 0; axis < 2; axis++) {
      let [mean, meanSquare, variance] = [0, 0, 0];
      for (let m = 0; m < members; m++) {
        const emotion = Math.tanh(ofHeads.floats[of + axis * members + m]!);
        const logSd = ofHeads.floats[of + (2 + axis) * members + m]!;
        mean += emotion / members;
        meanSquare += emotion ** 2 / members;
        variance += Math.exp(2 * Math.max(LOG_SD_RANGE[0], Math.min(LOG_SD_RANGE[1], logSd))) / members;
      }
      if (squares) {
        mean += REGRESSION_SHARE * (regression.floats[axis]! - mean);
        meanSquare += REGRESSION_SHARE * (regression.floats[axis]! ** 2 - meanSquare);
      }
      out[axis] = mean;
      out[LOG_SD + axis] = Math.log(variance + Math.max(0, meanSquare - mean ** 2)) / 2;
    }
  }

  /** Rows of inputs, STREAMS at a time. @param layers computes rows from `first` to `last` */
  function computeRows(
    { z: rows, means: ofSongs }: Pick<StepInputs, 'z' | 'means'>,
    layers: (first: number, last: number, all: Float32Array) => void,
  ): Float32Array {
    const n = rows.length / inputs;
    const all = new Float32Array(n * length);
    for (let first = 0; first < n; first += STREAMS) {
      const last = Math.min(n, first + STREAMS);
      z.floats.set(rows.subarray(first * inputs, last * inputs));
      if (squares) means.floats.set(ofSongs!.subarray(2 * first * inputs, 2 * last * inputs));
      layers(first, last, all);
      for (let i = 0; i < last - first; i++) {
        const out = all.subarray((first + i) * length, (first + i + 1) * length);
        combine(i, out);
        out.set(h.floats.subarray(i * hidden, (i + 1) * hidden), MEMORY);
        out.set(c.floats.subarray(i * hidden, (i + 1) * hidden), MEMORY + hidden);
      }
    }
    return all;
  }

  return {
    compute: (of) => computeRows(of, (first, last) => computeLayers(of.memories.slice(first, last))),
    run: (of) =>
      computeRows(of, (first, last, all) => {
        const before = all.subarray((first - 1) * length + MEMORY, first * length);
        const memory =
          first === 0 ? of.memory : { h: before.subarray(0, hidden), c: before.subarray(hidden) };
        computeSteps(last - first, memory);
      }),
    dispose() {},
  };
}

/** |l|² − 2 · z · l for each landmark l, from means that are not scaled. */
function squaresLayer(weights: Weights) {
  const { shape, values } = weights['kernel/landmarks']!;
  const [means, landmarks] = shape as [number, number];
  const scale = weights['kernel/scale']!.values[0]!;
  const squares = new Float64Array(landmarks);
  for (let i = 0; i < means * landmarks; i++) squares[i % landmarks]! += values[i]! ** 2;
  return packLayer({ shape, values: values.map((value) => -2 * scale * value) }, Float32Array.from(squares));
}

/** [rows, 2] → [2, columns], with zeros after the rows. */
function transposed(values: Float32Array, columns: number): Float32Array {
  const out = new Float32Array(2 * columns);
  for (const [i, value] of values.entries()) out[(i % 2) * columns + (i >> 1)] = value;
  return out;
}
