import { expect, test } from 'vitest';
import { FORMATS } from '../../src/log/export/formats.ts';
import { openLog, writeRun } from './open-log.ts';
import { syntheticFrames } from './synthetic-frames.ts';

test.each(Object.entries(FORMATS))('%s counts the rows that it writes', async (_, format) => {
  const log = openLog();
  const frames = syntheticFrames('booth', 40);
  writeRun(log, frames);
  const rowsOf = async (
    fromMs: number,
    resolution: 'step' | '1s' = 'step',
    limit: number | undefined = undefined,
  ) => {
    let rows = 0;
    const query = { resolution, format: 'csv', forecast: 'no', limit } as const;
    const request = { stream: 'booth', range: { fromMs, toMs: 8e15 }, query };
    const parts = format.write(log.history, { ...request, onRows: (more) => (rows += more) });
    for await (const _part of parts);
    return rows;
  };
  expect(await rowsOf(0)).toBe(40);
  expect(await rowsOf(Date.parse(frames[30]!.time))).toBe(10);
  expect(await rowsOf(0, 'step', 7)).toBe(7);
  expect(await rowsOf(0, '1s')).toBeGreaterThan(15);
  expect(await rowsOf(8e15)).toBe(0);
});
