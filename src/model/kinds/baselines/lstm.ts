import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../engine.ts';

/** The state of all streams and modules, [modules, streams, hidden] each. */
export interface LstmMemory {
  readonly h: Tensor3D;
  readonly c: Tensor3D;
}

export interface LstmSequence {
  /** [modules, steps · streams, hidden] the output of every step, time-major. */
  readonly h: Tensor3D;
  /** After the last step; no gradient flows through it. */
  readonly memory: LstmMemory;
}

/**
 * An LSTM over a sequence, for several networks (modules) without shared weights, in one batched computation.
 *
 * The gradient is written by hand. The automatic one is the same, but takes twice as many operations, and at this size
 * the overhead of an operation exceeds its computation.
 *
 * @param gates [modules, steps · streams, 4 · hidden] the input's part of the gates: input, forget, output, cell
 * @param kernel [modules, hidden, 4 · hidden] the recurrent kernel
 */
export function lstmSequence(
  tf: Tf,
  gates: Tensor3D,
  kernel: Tensor3D,
  steps: number,
  before: LstmMemory,
): LstmSequence {
  const hidden = kernel.shape[1];
  const rows = gates.shape[1];
  const streams = rows / steps;

  const run = tf.customGrad((...args: unknown[]) => {
    const [x, u, save] = args as [Tensor3D, Tensor3D, (tensors: Tensor[]) => void];
    const sums = steps === 1 ? [x] : tf.split<Tensor3D>(x, steps, 1);
    const all: Record<'gate' | 'candidate' | 'c' | 'cellTanh' | 'h', Tensor3D[]> = {
      gate: [],
      candidate: [],
      c: [],
      cellTanh: [],
      h: [],
    };
    let { h, c } = before;
    for (const sum of sums) {
      const [gateSum, candidateSum] = tf.split<Tensor3D>(
        tf.add(sum, tf.matMul(h, u)),
        [3 * hidden, hidden],
        2,
      ) as [Tensor3D, Tensor3D];
      const gate: Tensor3D = tf.sigmoid(gateSum); // input, forget, output
      const candidate: Tensor3D = tf.tanh(candidateSum);
      const [i, f, o] = tf.split<Tensor3D>(gate, 3, 2) as [Tensor3D, Tensor3D, Tensor3D];
      c = tf.add(tf.mul(f, c), tf.mul(i, candidate));
      const cellTanh: Tensor3D = tf.tanh(c);
      h = tf.mul(o, cellTanh);
      for (const [name, tensor] of Object.entries({ gate, candidate, c, cellTanh, h })) {
        all[name as keyof typeof all].push(tensor);
      }
    }
    save([...Object.values(all).flat(), before.h, before.c]);
    const value = tf.concat([...all.h, c], 1);

    function gradFunc(dy: Tensor, saved: Tensor[]): Tensor[] {
      const [h0, c0] = saved.slice(5 * steps) as [Tensor3D, Tensor3D];
      const part = (n: number) => saved.slice(n * steps, (n + 1) * steps) as Tensor3D[];
      const [gate, candidate, c, cellTanh, h] = [part(0), part(1), part(2), part(3), part(4)] as const;
      const joined = (parts: Tensor3D[]): Tensor3D => (steps === 1 ? parts[0]! : tf.concat(parts, 1));
      const split = (whole: Tensor): Tensor3D[] =>
        steps === 1 ? [whole as Tensor3D] : tf.split<Tensor3D>(whole as Tensor3D, steps, 1);
      const allGates = joined(gate);
      const activationSlopes = split(
        tf.concat([tf.mul(allGates, tf.sub(1, allGates)), tf.sub(1, tf.square(joined(candidate)))], 2),
      );
      const cellSlopes = split(tf.sub(1, tf.square(joined(cellTanh))));
      const dhs = split(tf.slice3d(dy as Tensor3D, [0, 0, 0], [-1, rows, -1]));
      const dSums: Tensor3D[] = [];
      let dhNext: Tensor | undefined;
      let dcNext: Tensor | undefined;
      for (let t = steps - 1; t >= 0; t--) {
        const [i, f, o] = tf.split<Tensor3D>(gate[t]!, 3, 2) as [Tensor3D, Tensor3D, Tensor3D];
        const dh = dhNext ? tf.add(dhs[t]!, dhNext) : dhs[t]!;
        const ownDc = tf.mul(tf.mul(dh, o), cellSlopes[t]!);
        const dc = dcNext ? tf.add(ownDc, dcNext) : ownDc;
        const dActive = tf.concat(
          [
            tf.mul(dc, candidate[t]!),
            tf.mul(dc, t > 0 ? c[t - 1]! : c0),
            tf.mul(dh, cellTanh[t]!),
            tf.mul(dc, i),
          ],
          2,
        );
        const dSum: Tensor3D = tf.mul(dActive, activationSlopes[t]!);
        dSums.unshift(dSum);
        if (t === 0) break;
        dhNext = tf.matMul(dSum, u, false, true);
        dcNext = tf.mul(dc, f);
      }
      const dx = joined(dSums);
      return [dx, tf.matMul(joined([h0, ...h.slice(0, -1)]), dx, true, false)];
    }
    return { value, gradFunc };
  });

  const value = run(gates, kernel) as Tensor3D;
  const last = (at: number): Tensor3D => tf.slice3d(value, [0, at, 0], [-1, streams, -1]);
  return {
    h: tf.slice3d(value, [0, 0, 0], [-1, rows, -1]),
    memory: { h: last(rows - streams), c: last(rows) },
  };
}

/** The memory of new streams: zeros. */
export function initialLstmMemory(tf: Tf, modules: number, streams: number, hidden: number): LstmMemory {
  return { h: tf.zeros([modules, streams, hidden]), c: tf.zeros([modules, streams, hidden]) };
}

/** [streams, modules · hidden], the layout of a stream's state → [modules, streams, hidden] */
export function byModule(tf: Tf, memory: Tensor2D, modules: number): Tensor3D {
  const [streams, length] = memory.shape;
  if (modules === 1) return tf.reshape(memory, [1, streams, length]);
  return tf.transpose(tf.reshape(memory, [streams, modules, length / modules]), [1, 0, 2]);
}

/** The reverse of `byModule`. */
export function byStream(tf: Tf, memory: Tensor3D): Tensor2D {
  const [modules, streams, hidden] = memory.shape;
  if (modules === 1) return tf.reshape(memory, [streams, hidden]);
  return tf.reshape(tf.transpose(memory, [1, 0, 2]), [streams, modules * hidden]);
}
