import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configJsonSchema } from '../../../src/server/config/schema.ts';

test('undertone.schema.json matches the schema (npm run schema updates it)', () => {
  const file = new URL('../../../undertone.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(configJsonSchema());
});
