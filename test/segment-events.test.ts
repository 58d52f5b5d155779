import { from, lastValueFrom, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { SegmentEvents } from '../src/segment-events.ts';
import { loadFft } from '../src/stream/fft.ts';
import { track } from '../src/tracker.ts';
import { EMPTY_FRAME, type EmotionFrame } from '../src/types.ts';
import { sine } from './support/audio.ts';
import { fakeModel, fakeStepper } from './support/fake-model.ts';
import { chunkedSource } from './support/sources.ts';

const frame = (seq: number): EmotionFrame => ({
  ...EMPTY_FRAME,
  stream: 'radio',
  seq,
  t: 0.5 * (seq + 1),
  time: new Date(500 * seq).toISOString(),
  activity: 'music',
});

/** Times of the segments that are reported for these renewals, one a step. */
async function segmentsOf(renewals: readonly (number | undefined)[], segments = new SegmentEvents()) {
  const steps = renewals.map((renewal, i) => {
    if (renewal === undefined) segments.step({});
    else segments.step({ boundary: renewal / 2 + 0.4, renewal });
    return lastValueFrom(from([frame(i)]).pipe(segments.operator, toArray()));
  });
  return (await Promise.all(steps)).flat().filter((message) => message.type === 'segment');
}

const quiet = (steps: number) => Array<number>(steps).fill(0);

test('a segment is reported after the frame at which a tenth of the evidence begins anew', async () => {
  expect(await segmentsOf([...quiet(20), 0.05, 0.6, 0.9, ...quiet(20)])).toEqual([
    {
      type: 'segment',
      stream: 'radio',
      t: 11,
      time: frame(21).time,
      message: 'Another piece began.',
      confidence: 0.7,
    },
  ]);
});

test('a crossfade that renews the evidence in small parts is one segment', async () => {
  expect(await segmentsOf([...quiet(20), 0.05, 0.2, 0.3, 0.2, 0.1, ...quiet(20)])).toMatchObject([{ t: 11 }]);
});

test('no segment begins within 4 s of another or of the start, nor without a detector', async () => {
  expect(await segmentsOf(Array<number>(30).fill(1))).toMatchObject([{ t: 4.5 }, { t: 9 }, { t: 13.5 }]);
  expect(await segmentsOf(Array<undefined>(30).fill(undefined))).toEqual([]);
});

test('the wait continues from a saved state', async () => {
  const first = new SegmentEvents();
  await segmentsOf([...quiet(10), 1], first);
  expect(await segmentsOf([1, 1, ...quiet(5), 1, 1], new SegmentEvents(first.state))).toMatchObject([
    { t: 4.5 },
  ]);
});

test('a tracker reports the segments that its model finds', async () => {
  const model = fakeModel();
  const stepper = fakeStepper({
    ...model,
    step: (inputs) =>
      inputs.map((input) => {
        const [output] = model.step([input]);
        const begins = input.window.step === 12;
        return { ...output!, boundary: begins ? 0.9 : 0.1, renewal: begins ? 1 : 0 };
      }),
  });
  const source = chunkedSource(sine(440, 10, 8000), { sampleRateHz: 8000, channels: 1 });
  const tracker = track(source, { stream: 'radio', stepper, fft: await loadFft() });
  const messages = await lastValueFrom(tracker.messages$.pipe(toArray()));
  expect(messages.filter(({ type }) => type === 'segment')).toMatchObject([{ t: 6.5, confidence: 0.9 }]);
  const at = messages.findIndex(({ type }) => type === 'segment');
  expect(messages[at - 1]).toMatchObject({ type: 'emotion', seq: 12 });
});
