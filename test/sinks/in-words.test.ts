import { expect, test } from 'vitest';
import { inWords } from '../../src/sinks/link.ts';

test.each([
  ['ECONNREFUSED', 'no program receives at its address'],
  ['write EPIPE', 'the receiver has closed the connection'],
  ['EPIPE', 'the receiver has closed the connection'],
  ['the disk of a.csv is full', 'the disk of a.csv is full'],
  ['EUNKNOWN', 'EUNKNOWN'],
])('the reason %s in words', (reason, words) => {
  expect(inWords(reason)).toBe(words);
});
