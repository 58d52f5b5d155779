import { sizeOf, type Weights } from '../../weights.ts';
import { isShared, type NetworkConfig, weightShapes } from './network.ts';

/*
 * The networks of an ensemble are stored one after another (with a leading axis of length `members`) and computed as
 * one wide network with block-diagonal kernels: five networks take the same operations as one, with some zeros, and the
 * engine is called once. They share the mean and scale of the inputs, and the kernel regression beside them.
 */

/** The stored weights of an ensemble, from the weights of its separately trained networks. */
export function stackEnsemble(ensemble: readonly Weights[]): Weights {
  const [first] = ensemble;
  if (!first) throw new RangeError('an ensemble has at least one network');
  if (ensemble.length === 1) return first;
  return Object.fromEntries(
    Object.entries(first).map(([name, { shape, values }]) => {
      if (isShared(name)) return [name, { shape, values }];
      const all = new Float32Array(values.length * ensemble.length);
      for (const [m, weights] of ensemble.entries()) all.set(weights[name]!.values, m * values.length);
      return [name, { shape: [ensemble.length, ...shape], values: all }];
    }),
  );
}

/** Stored weights → the weights of the wide network, for `createNetwork`. */
export function widen(stored: Weights, config: NetworkConfig): Weights {
  if (config.members === 1) return stored;
  const shapes = weightShapes(config);
  const single = weightShapes({ ...config, members: 1 });
  return Object.fromEntries(
    Object.entries(stored).map(([name, { shape, values }]) => {
      if (isShared(name)) return [name, { shape, values }];
      const wide = new Float32Array(sizeOf(shapes[name]!));
      const places = placesOf(name, config);
      const [rows, columns] = asMatrix(single[name]!);
      const width = asMatrix(shapes[name]!)[1];
      for (let m = 0; m < config.members; m++) {
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            const to = places.row(m, row) * width + places.column(m, column);
            wide[to] = values[(m * rows + row) * columns + column]!;
          }
        }
      }
      return [name, { shape: shapes[name]!, values: wide }];
    }),
  );
}

/** A bias is a matrix of one row. */
function asMatrix(shape: readonly number[]): readonly [number, number] {
  return shape.length === 1 ? [1, shape[0]!] : [shape[0]!, shape[1]!];
}

interface Places {
  row(network: number, row: number): number;
  column(network: number, column: number): number;
}

/** The position of a row and column of one network's kernel or bias in the wide one. */
function placesOf(name: string, { projection, hidden, members }: NetworkConfig): Places {
  const block =
    (size: number) =>
    (network: number, i: number): number =>
      network * size + i;
  /** Groups of `size` columns stay together; within each group the networks follow one another. */
  const grouped =
    (size: number) =>
    (network: number, i: number): number =>
      Math.floor(i / size) * size * members + network * size + (i % size);
  const joined = (network: number, i: number): number =>
    i < hidden ? network * hidden + i : members * hidden + network * projection + (i - hidden);
  const first = () => 0;
  switch (name) {
    case 'project/kernel':
      return { row: (_, row) => row, column: block(projection) };
    case 'project/bias':
      return { row: first, column: block(projection) };
    case 'lstm/input-kernel':
      return { row: block(projection), column: grouped(hidden) };
    case 'lstm/hidden-kernel':
      return { row: block(hidden), column: grouped(hidden) };
    case 'lstm/bias':
      return { row: first, column: grouped(hidden) };
    case 'emotion/kernel':
      return { row: joined, column: grouped(1) };
    case 'emotion/bias':
      return { row: first, column: grouped(1) };
    default:
      throw new RangeError(`unknown weights "${name}"`);
  }
}
