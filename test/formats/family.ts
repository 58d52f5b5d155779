import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTracker, type EmotionTracker } from '../../src/node-api/create-tracker.ts';
import { openRecording } from '../../src/stream/sources/index.ts';
import { writeClips } from './clips.ts';
import { seedOf, silentLosses } from './damage.ts';
import type { Kit } from './encode.ts';
import { KNOWN } from './known.ts';
import { agreed, ledgerFile, readLedger, textOf } from './ledger.ts';
import { faultsOf, type Measured, measure } from './measure.ts';
import { skippedWithout } from './programs.ts';
import { ffmpegDecode } from './reference.ts';
import type { Group } from './row.ts';

/** Makes and evaluates every row of some groups. `name` is also that of the file with the deviations. */
export function describeFormats(name: string, groups: readonly Group[]): void {
  if (skippedWithout) {
    it.skip(`${name}: skipped, ${skippedWithout} (npm run test:prepare installs them)`, () => {});
    return;
  }
  let folder: string;
  let kit: Kit;
  let tracker: EmotionTracker;
  const ledger: Record<string, Record<string, Measured>> = {};
  const written = readLedger(name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-formats-'));
    kit = { clips: await writeClips(folder) };
    tracker = await createTracker({ model: 'undertone-lite', engine: 'wasm' });
  });
  afterAll(async () => {
    await tracker?.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [g, group] of groups.entries()) {
    ledger[group.title] = {};
    describe(group.title, () => {
      for (const [r, row] of group.rows.entries()) {
        const known = KNOWN[`${group.title}: ${row.name}`];
        const path = () => join(folder, `${g}-${r}`, `song.${row.extension}`);

        let links: readonly number[] = [];

        it(row.name, async () => {
          await mkdir(join(folder, `${g}-${r}`));
          const files = await row.make(kit, path());
          const tolerance = row.tolerance ?? group.tolerance;
          const reference = row.refused
            ? []
            : await Promise.all(files.map((file) => ffmpegDecode(file, tolerance.delay)));
          links = reference.map(
            ({ samples, channels, sampleRateHz }) => samples.length / channels / sampleRateHz,
          );
          const { source } = openRecording(path());
          const measured = await measure(tracker, source, reference);
          ledger[group.title]![row.name] = agreed(measured, written[group.title]?.[row.name]);
          const faults = faultsOf(row, measured, reference, tolerance);
          expect(faults, JSON.stringify(measured)).toEqual(known?.faults ?? []);
        });

        it(`${row.name}: cut short and damaged`, async () => {
          const tellsEnd = row.tellsEnd ?? group.tellsEnd ?? false;
          const losses = await silentLosses(await readFile(path()), {
            tellsEnd,
            links,
            seed: seedOf(`${group.title}: ${row.name}`),
          });
          expect([...new Set(losses.map(({ kind }) => kind))], JSON.stringify(losses)).toEqual(
            known?.losses ?? [],
          );
        });
      }
    });
  }

  it('the deviations are those of docs/formats.md (`npm run docs:formats` writes them)', async () => {
    await expect(textOf(ledger)).toMatchFileSnapshot(ledgerFile(name));
  });
}
