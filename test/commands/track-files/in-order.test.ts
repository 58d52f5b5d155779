import { expect, test } from 'vitest';
import { createInOrder } from '../../../src/commands/track-files/in-order.ts';

function recorder(writers: number, maxHeld?: number) {
  const passed: string[] = [];
  const order = createInOrder<string>(
    writers,
    async (writer, items) => {
      await Promise.resolve();
      passed.push(...items.map((item) => `${writer}${item}`));
    },
    maxHeld,
  );
  const end = (writer: number) => order.end(writer, async () => void passed.push(`${writer}.`));
  return { order, end, passed };
}

test('passes on the items of one writer after the other, whatever the order in which they arrive', async () => {
  const { order, end, passed } = recorder(3);
  await order.write(2, ['a']);
  await order.write(0, ['a']);
  await order.write(1, ['a']);
  await end(1);
  expect(passed).toEqual(['0a']);
  await order.write(0, ['b']);
  await end(0);
  expect(passed).toEqual(['0a', '0b', '0.', '1a', '1.', '2a']);
  await order.write(2, ['b', 'c']);
  await end(2);
  expect(passed).toEqual(['0a', '0b', '0.', '1a', '1.', '2a', '2b', '2c', '2.']);
});

test('lets a writer wait whose items would have to be held', async () => {
  const { order, end, passed } = recorder(2, 2);
  let resolved = false;
  const writing = order.write(1, ['a', 'b', 'c']).then(() => {
    resolved = true;
  });
  await order.write(0, ['a']);
  expect(resolved).toBe(false);
  await end(0);
  await writing;
  expect(passed).toEqual(['0a', '0.', '1a', '1b', '1c']);
});

test('passes an error on to the writer whose turn it is', async () => {
  const order = createInOrder<string>(1, async () => {
    throw new Error('the disk is full');
  });
  await expect(order.write(0, ['a'])).rejects.toThrow('the disk is full');
});
