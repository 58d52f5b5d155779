import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readManaged } from '../../../src/server/streams/managed-file.ts';
import { tempFolder } from '../support.ts';

test('a file that this version does not accept is refused with the reason', () => {
  const file = join(tempFolder(), 'managed.json');
  const sinks = { booth: [{ sink: 'webhook:http://a/hook?value=arousal' }] };
  writeFileSync(file, JSON.stringify({ version: 1, streams: [], alerts: {}, sinks }));
  expect(() => readManaged(file)).toThrow(
    'is damaged (sinks.booth.0.sink: expected no option "value", which is written in "values" beside "sink"): repair it',
  );
});
