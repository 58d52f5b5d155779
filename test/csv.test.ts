import { expect, it } from 'vitest';
import { csvHeader, csvRow } from '../src/csv.ts';
import { loadFft } from '../src/stream/fft.ts';
import { track } from '../src/tracker.ts';
import { sine } from './support/audio.ts';
import { fakeStepper } from './support/fake-model.ts';
import { framesOf } from './support/frames.ts';
import { chunkedSource } from './support/sources.ts';

const fft = await loadFft();
const MONO = { sampleRateHz: 16_000, channels: 1 };

it('gives every field of a frame a column', async () => {
  const [frame] = await framesOf(
    track(chunkedSource(sine(440, 0.5, 16_000), MONO), { stream: 'booth', stepper: fakeStepper(), fft }),
  );
  const columns = csvHeader().split(',');
  const values = csvRow(frame!).split(',');
  expect(values).toHaveLength(columns.length);
  expect(values[columns.indexOf('valence')]).toBe(String(frame!.valence));
  expect(values[columns.indexOf('arousalHigh+10s')]).toBe(String(frame!.forecast[4]!.arousalHigh));
});

it('leaves the columns empty that a silent frame has no values for', async () => {
  const [frame] = await framesOf(
    track(chunkedSource(new Float32Array(8_000), MONO), { stream: 'booth', stepper: fakeStepper(), fft }),
  );
  const columns = csvHeader().split(',');
  const values = csvRow(frame!).split(',');
  expect(values).toHaveLength(columns.length);
  expect(values[columns.indexOf('valence')]).toBe('');
  expect(values[columns.indexOf('mood')]).toBe('');
});
