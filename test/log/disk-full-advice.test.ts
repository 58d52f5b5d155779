import { expect, test } from 'vitest';
import { isDiskFull } from '../../src/log/database-error.ts';

test.each([
  [{ code: 'ENOSPC' }, true],
  [{ code: 'SQLITE_FULL' }, true],
  [{ code: 'EACCES' }, false],
])('%j is a full disk: %s', (error, expected) => {
  expect(isDiskFull(error)).toBe(expected);
});
