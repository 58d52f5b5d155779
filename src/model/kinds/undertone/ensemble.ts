import type { NetworkConfig } from '../../config.ts';
import { sizeOf, type Weights } from '../../weights.ts';
import { storedShapes, weightShapes } from './network.ts';

/*
 * Several networks that answer together are stored one after another (a leading axis of `members`) and
 * computed as one wide network whose kernels are blocks on a diagonal: the same operations for five as for
 * one, a few zeros more, and the engine is called once. Members share what is measured of the inputs.
 */

/** The stored weights of a network of several members, from their own, which were learned one by one. */
export function stackMembers(members: readonly Weights[]): Weights {
  const [first] = members;
  if (!first) throw new RangeError('a network has at least one member');
  if (members.length === 1) return first;
  return Object.fromEntries(
    Object.entries(first).map(([name, { shape, values }]) => {
      if (isShared(name)) return [name, { shape, values }];
      const all = new Float32Array(values.length * members.length);
      for (const [m, weights] of members.entries()) all.set(weights[name]!.values, m * values.length);
      return [name, { shape: [members.length, ...shape], values: all }];
    }),
  );
}

/** Stored weights → those that `createNetwork` computes with. */
export function widen(stored: Weights, config: NetworkConfig): Weights {
  if (config.members === 1) return stored;
  const shapes = weightShapes(config);
  const single = storedShapes({ ...config, members: 1 });
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

const isShared = (name: string): boolean => name.startsWith('input/');

/** A bias is a matrix of one row. */
function asMatrix(shape: readonly number[]): readonly [number, number] {
  return shape.length === 1 ? [1, shape[0]!] : [shape[0]!, shape[1]!];
}

interface Places {
  row(member: number, row: number): number;
  column(member: number, column: number): number;
}

/** Where a member's row and column of a kernel or bias lie in the wide one. */
function placesOf(name: string, { projection, hidden, members }: NetworkConfig): Places {
  const block =
    (size: number) =>
    (member: number, i: number): number =>
      member * size + i;
  /** Groups stay together, and within each the members follow one another. */
  const grouped =
    (size: number) =>
    (member: number, i: number): number =>
      Math.floor(i / size) * size * members + member * size + (i % size);
  const joined = (member: number, i: number): number =>
    i < hidden ? member * hidden + i : members * hidden + member * projection + (i - hidden);
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
    case 'change/kernel':
      return { row: joined, column: grouped(1) };
    case 'emotion/bias':
    case 'change/bias':
      return { row: first, column: grouped(1) };
    default:
      throw new RangeError(`no member has weights "${name}"`);
  }
}
