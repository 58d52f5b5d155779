import { expect, test } from 'vitest';
import { textTable } from '../../src/util/text-table.ts';

test('text to the left, numbers to the right, two spaces between', () => {
  expect(
    textTable([
      ['system', 'RMSE', 'r'],
      ['a', '0.123', '–'],
    ]),
  ).toBe('system   RMSE  r\na       0.123  –');
});

test('the last letter of `align` and the last of `minWidths` apply to the columns after it', () => {
  expect(textTable([['1', 'b', 'c', 'd']], { align: 'rl', minWidths: [3, 2], indent: '> ' })).toBe(
    '>   1  b   c   d',
  );
});

test('the last cell of a short row does not widen its column', () => {
  expect(
    textTable([
      ['fold', 'n', 'r'],
      ['one', 'failed: no memory'],
      ['two', '7', '0.5'],
    ]),
  ).toBe('fold  n    r\none   failed: no memory\ntwo   7  0.5');
});

test('without rows there are no lines', () => {
  expect(textTable([])).toBe('');
});
