import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { LAYOUTS } from '../../../lab/datasets/dataset.ts';
import { TRAINING } from '../../../lab/train/options.ts';
import { PROTOCOLS } from '../../../lab/train/protocol.ts';

test('docs/training.md documents every option with its default, every protocol and every layout', async () => {
  const text = await readFile('docs/training.md', 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  const { network, ...options } = TRAINING.mel;
  const { inputs: _, ...chosen } = network;
  const inNetwork = Object.entries(chosen).map(([key, value]) => [`network.${key}`, value] as const);
  for (const [key, value] of [...Object.entries(options), ...inNetwork]) {
    const row = rows.find((line) => line.split('|')[1]!.includes(`\`${key}\``));
    expect(row, key).toBeDefined();
    const [, names, defaults] = row!.split('|');
    const place = names!.split(',').findIndex((name) => name.trim() === `\`${key}\``);
    const written = JSON.stringify(value).replaceAll('"', '').replace(',', ', ');
    // Several options in a row have their defaults in the same order, those of `mel` first.
    const values = defaults!
      .split(';')[0]!
      .replaceAll('`', '')
      .match(/\[[^\]]*\]|[^,\s]+/g);
    expect(values?.[place], key).toBe(written);
  }
  for (const protocol of PROTOCOLS) expect(text).toContain(`\`${protocol}\``);
  for (const { name } of LAYOUTS)
    expect(text).toContain(`**${name === 'undertone' ? "undertone's own" : `[${name}]`}`);
});
