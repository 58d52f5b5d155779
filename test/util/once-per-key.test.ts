import { expect, test } from 'vitest';
import { oncePerKey } from '../../src/util/once-per-key.ts';

test('each key is worked on once, also while the first call is pending', async () => {
  const keys: string[] = [];
  const load = oncePerKey(async (key) => keys.push(key));
  const [first, second] = [load('a'), load('a')];
  expect(second).toBe(first);
  expect(await Promise.all([first, second, load('b'), load('a')])).toEqual([1, 1, 2, 1]);
  expect(keys).toEqual(['a', 'b']);
});

test('a failure is forgotten', async () => {
  let calls = 0;
  const load = oncePerKey(async () => {
    if (++calls === 1) throw new Error('not yet');
    return calls;
  });
  await expect(load('a')).rejects.toThrow('not yet');
  expect(await load('a')).toBe(2);
  expect(await load('a')).toBe(2);
});
