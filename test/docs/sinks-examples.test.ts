import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { parseConfig } from '../../src/server/config/read-config.ts';
import { STREAM_SINK_KINDS } from '../../src/sinks/kinds/index.ts';
import { parseSinkArgument } from '../../src/sinks/sink-argument.ts';

const page = readFileSync(new URL('../../docs/sinks.md', import.meta.url), 'utf8');
const args = [...page.matchAll(/--sink (?:'([^']+)'|([a-z]+:[^\s`|]*))/g)].map(
  ([, quoted, plain]) => quoted ?? plain!,
);
const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => JSON.parse(json!));

test.each([...new Set(args)])('the example --sink %s is valid', (argument) => {
  for (const name of ['INFLUX_TOKEN', 'INFLUX_PASSWORD']) vi.stubEnv(name, 'hidden');
  expect(parseSinkArgument(argument)).toBeDefined();
  vi.unstubAllEnvs();
});

test.each(blocks)('the example %j is valid', (block) => {
  const config = 'sink' in block ? { sinks: [block] } : block;
  expect(parseConfig(JSON.stringify(config), 'undertone.json')).toBeDefined();
});

test('the page lists every kind with its options', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  for (const { usage, params = [] } of STREAM_SINK_KINDS) {
    const row = rows.find((line) => line.startsWith(`| \`${usage}\``));
    expect(row, usage).toBeDefined();
    for (const name of params) expect(row).toContain(`\`${name}\``);
  }
});
