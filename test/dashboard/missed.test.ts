import { describe, expect, it } from 'vitest';
import { HistoryTile } from '../../dashboard/state/history-tile.ts';
import { fillMissed, missedTimes } from '../../dashboard/state/missed.ts';
import { StepRing } from '../../dashboard/state/step-ring.ts';
import { fakeFrame } from './fake-frame.ts';

const START = Date.parse('2026-01-01T12:00:00Z');
const at = (seconds: number) => START / 1000 + seconds;
const frame = (seq: number) => fakeFrame('booth', seq, START + 500 * (seq + 1));

/** A ring of the steps in each of `spans`, in seconds. */
function ringOf(...spans: readonly (readonly [number, number])[]): StepRing {
  const ring = new StepRing();
  for (const [from, to] of spans) for (let seq = 2 * from; seq < 2 * to; seq++) ring.append(frame(seq));
  return ring;
}

describe('what the page missed', () => {
  const ring = ringOf([0, 10], [40, 50], [90, 100]);
  const stream = { ring, interruptions: [at(10)], state: 'running' as const, last: frame(199) };

  it('is where the connection was interrupted, not where the source was', () => {
    expect(missedTimes(stream)).toEqual([{ from: at(10), to: at(40) }]);
    expect(missedTimes({ ...stream, interruptions: [] })).toEqual([]);
    expect(missedTimes({ ...stream, interruptions: [at(5), at(10), at(10.5), at(50)] })).toHaveLength(2);
  });

  it('goes on to the last step of a stream that stopped meanwhile', () => {
    const stopped = { ...stream, interruptions: [at(100)], last: frame(299) };
    expect(missedTimes(stopped)).toEqual([]); // Its next step follows.
    expect(missedTimes({ ...stopped, state: 'stopped' })).toEqual([{ from: at(100), to: at(150) }]);
  });

  it('is filled from the log, within what is drawn', () => {
    const past = new HistoryTile([], 10);
    const whole = { steps: ring, from: at(20), to: at(100) };
    const missed = [
      { from: at(10), to: at(40) },
      { from: at(50), to: at(90) },
      { from: at(100), to: at(150) },
    ];
    expect(fillMissed([whole], past, missed)).toEqual([
      { steps: past, from: at(20), to: at(40) },
      { steps: ring, from: at(40), to: at(50) },
      { steps: past, from: at(50), to: at(90) },
      { steps: ring, from: at(90), to: at(100) },
    ]);
    expect(fillMissed([whole], past, [])).toEqual([whole]);
  });
});
