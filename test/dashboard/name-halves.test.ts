import { expect, it } from 'vitest';
import { nameHalves } from '../../dashboard/state/name-halves.ts';

it.each([
  ['studio-north-right', ['studio-', 'north-right']],
  ['concert-hall-12', ['concert-', 'hall-12']],
  ['bbc_radio.three', ['bbc_radio.', 'three']],
  ['deck', ['de', 'ck']],
  ['a', ['a', '']],
  ['x-wintergartenbuehne', ['x-winterga', 'rtenbuehne']],
])('cuts %s near its middle', (name, halves) => {
  expect(nameHalves(name)).toEqual(halves);
});
