import { packLayer, placeLayer, sizeOfLayer } from '../../../../kernels/dense-layer.ts';
import { createLayerKernels } from '../../../../kernels/layer-kernels.ts';
import type { Weights } from '../../../../weights.ts';
import type { SmallEncoder, SmallInput } from './encoder.ts';
import { LAYERS, PATCH_SIZE, PATCHES_A_STEP, WIDTH } from './sizes.ts';

/*
 * The encoder by undertone's own kernels. The engine takes some twenty operations for the gates of each patch and layer,
 * which cost more than the products with the weights; the products themselves are faster here too.
 */

/** Streams at once. More share no more: the weights are read once for four rows. */
const STREAMS = 16;
const ROWS: number = STREAMS * PATCHES_A_STEP;
const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** @param weights with the input's statistics folded in */
export function kernelEncoder(weights: Weights): SmallEncoder {
  const layerOf = (name: string) => packLayer(weights[`${name}.kernel`]!, weights[`${name}.bias`]!.values);
  const packed = {
    embed: layerOf('embed'),
    ...Object.fromEntries(
      Array.from({ length: LAYERS }, (_, layer) => [
        [`input${layer}`, layerOf(`gru.${layer}.input`)],
        [`hidden${layer}`, layerOf(`gru.${layer}.hidden`)],
      ]).flat(),
    ),
  } as Readonly<Record<string, ReturnType<typeof packLayer>>>;
  const { kernels, areas } = createLayerKernels<string>({
    ...Object.fromEntries(Object.entries(packed).map(([name, layer]) => [name, sizeOfLayer(layer)])),
    patches: ROWS * PATCH_SIZE, // [rows, PATCH_SIZE]: the first patch of each stream, the second …
    x: ROWS * WIDTH, // what a layer receives of each patch
    gates: ROWS * 3 * WIDTH,
    own: STREAMS * 3 * WIDTH,
    h: STREAMS * WIDTH,
  });
  const place = (name: string, least?: number) => placeLayer(kernels, packed[name]!, areas[name]!, least);
  const embed = place('embed', 0);
  const input = Array.from({ length: LAYERS }, (_, layer) => place(`input${layer}`));
  const hidden = Array.from({ length: LAYERS }, (_, layer) => place(`hidden${layer}`));
  const [patches, x, gates, own, h] = ['patches', 'x', 'gates', 'own', 'h'].map((name) => areas[name]!);

  /** @param inputs at most STREAMS, those with more patches first, so that a time's rows are those of the first streams */
  function encodeSome(inputs: readonly SmallInput[]): Float32Array[] {
    const counts = inputs.map(({ patches: { length } }) => length / PATCH_SIZE);
    const streamsAt = Array.from({ length: counts[0]! }, (_, time) => counts.filter((n) => n > time).length);
    let rows = 0;
    for (const [time, streams] of streamsAt.entries()) {
      for (let i = 0; i < streams; i++) {
        const patch = inputs[i]!.patches.subarray(time * PATCH_SIZE, (time + 1) * PATCH_SIZE);
        patches!.floats.set(patch, rows++ * PATCH_SIZE);
      }
    }
    embed(patches!.at, rows, x!.at);
    const after = inputs.map(() => new Float32Array(LAYERS * WIDTH));
    for (let layer = 0; layer < LAYERS; layer++) {
      input[layer]!(x!.at, rows, gates!.at);
      for (const [i, { memory }] of inputs.entries()) {
        h!.floats.set(memory.subarray(layer * WIDTH, (layer + 1) * WIDTH), i * WIDTH);
      }
      let row = 0;
      for (const streams of streamsAt) {
        hidden[layer]!(h!.at, streams, own!.at);
        kernels.gru(gates!.at + BYTES * row * 3 * WIDTH, own!.at, h!.at, streams, WIDTH);
        x!.floats.set(h!.floats.subarray(0, streams * WIDTH), row * WIDTH);
        row += streams;
      }
      for (const [i, memory] of after.entries()) {
        memory.set(h!.floats.subarray(i * WIDTH, (i + 1) * WIDTH), layer * WIDTH);
      }
    }
    return after;
  }

  /** At most STREAMS steps of one stream, layer by layer, so that the weights of one stay in the cache. */
  function encodeSteps(steps: readonly Float32Array[], memory: Float32Array): Float32Array[] {
    let rows = 0;
    const ends = steps.map((own) => {
      patches!.floats.set(own, rows * PATCH_SIZE);
      rows += own.length / PATCH_SIZE;
      return rows;
    });
    embed(patches!.at, rows, x!.at);
    const after = steps.map(() => new Float32Array(LAYERS * WIDTH));
    const last = h!.floats.subarray(0, WIDTH);
    for (let layer = 0; layer < LAYERS; layer++) {
      input[layer]!(x!.at, rows, gates!.at);
      last.set(memory.subarray(layer * WIDTH, (layer + 1) * WIDTH));
      let row = 0;
      for (const [step, end] of ends.entries()) {
        for (; row < end; row++) {
          hidden[layer]!(h!.at, 1, own!.at);
          kernels.gru(gates!.at + BYTES * row * 3 * WIDTH, own!.at, h!.at, 1, WIDTH);
          x!.floats.set(last, row * WIDTH);
        }
        after[step]!.set(last, layer * WIDTH);
      }
    }
    return after;
  }

  return {
    encodeRun(steps, memory) {
      const after: Float32Array[] = [];
      for (let at = 0; at < steps.length; at += STREAMS)
        after.push(...encodeSteps(steps.slice(at, at + STREAMS), after.at(-1) ?? memory));
      return after;
    },
    encode(inputs) {
      const after: Float32Array[] = [];
      const order = inputs.map((_, i) => i);
      order.sort((a, b) => inputs[b]!.patches.length - inputs[a]!.patches.length);
      for (let at = 0; at < order.length; at += STREAMS) {
        const some = order.slice(at, at + STREAMS);
        const encoded = encodeSome(some.map((i) => inputs[i]!));
        for (const [k, i] of some.entries()) after[i] = encoded[k]!;
      }
      return after;
    },
    dispose() {},
  };
}
