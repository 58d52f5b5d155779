import { once } from 'node:events';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { SMALL_YOUNG_GENERATION } from '../../src/util/young-generation.ts';

/** Size of the space of new objects after much garbage, in MB, with a part of it kept for a while. */
const GARBAGE = `
  const { parentPort } = require('node:worker_threads');
  let kept = [];
  for (let i = 0; i < 2e6; i++) {
    kept.push({ i });
    if (kept.length > 1e5) kept = [];
  }
  const spaces = require('node:v8').getHeapSpaceStatistics();
  parentPort.postMessage(spaces.find((space) => space.space_name === 'new_space').space_size / 2 ** 20);
`;

async function newSpace(options: WorkerOptions): Promise<number> {
  const [size] = await once(new Worker(GARBAGE, { eval: true, ...options }), 'message');
  return size;
}

test('the limit keeps the space of new objects of a thread at 8 MB', async () => {
  expect(await newSpace({})).toBeGreaterThan(8);
  expect(await newSpace({ resourceLimits: SMALL_YOUNG_GENERATION })).toBeLessThanOrEqual(8);
});
