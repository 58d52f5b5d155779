import { describe, expect, it } from 'vitest';
import { slopeOf } from '../../dashboard/state/slope.ts';
import { StepRing } from '../../dashboard/state/step-ring.ts';
import { changeOf, nextTendency, type TendencyState } from '../../dashboard/state/tendency.ts';
import { fakeFrame } from './fake-frame.ts';

/** A ring in which valence and arousal change by so much per second, with the steps that `kept` lists. */
function ringOf(
  valence: number,
  arousal: number,
  steps = 60,
  kept: (seq: number) => boolean = () => true,
): StepRing {
  const ring = new StepRing();
  for (let seq = 0; seq < steps; seq++) {
    if (!kept(seq)) continue;
    ring.append({
      ...fakeFrame('booth', seq, 1_700_000_000_000 + 500 * seq),
      activity: 'music',
      valence: -0.4 + valence * 0.5 * seq,
      arousal: 0.3 + arousal * 0.5 * seq,
    });
  }
  return ring;
}

describe('slopeOf', () => {
  it('is the change per second, at times since 1970', () => {
    const ring = ringOf(0.01, -0.02);
    expect(slopeOf(ring, 'valence', 8)).toBeCloseTo(0.01, 5);
    expect(slopeOf(ring, 'arousal', 16)).toBeCloseTo(-0.02, 5);
  });

  it('bears steps that are missing, but not a part of the time without any', () => {
    const lossy = ringOf(0.01, -0.02, 60, (seq) => seq % 2 === 0);
    expect(slopeOf(lossy, 'valence', 16)).toBeCloseTo(0.01, 5);
    const recent = ringOf(0.01, -0.02, 60, (seq) => seq >= 45);
    expect(slopeOf(recent, 'valence', 32)).toBeNull();
    expect(slopeOf(recent, 'valence', 8)).toBeCloseTo(0.01, 5);
  });

  it('is unknown while there is too little music', () => {
    expect(slopeOf(ringOf(0.01, 0, 6), 'valence', 8)).toBeNull();
    expect(slopeOf(new StepRing(), 'valence', 8)).toBeNull();
    expect(changeOf(ringOf(0.01, 0, 6))).toBeNull();
  });
});

describe('nextTendency', () => {
  /** The tendencies shown for changes that follow each other every half second. */
  const shown = (changes: readonly (readonly [valence: number, arousal: number])[]) => {
    let state: TendencyState | null = null;
    return changes.map(([valence, arousal], i) => {
      state = nextTendency(state, { valence, arousal }, i / 2);
      return state.shown;
    });
  };
  const times = (count: number, change: readonly [number, number]) =>
    Array.from({ length: count }, () => change);

  it.each([
    ['brightening', [0.3, 0]],
    ['darkening', [-0.3, 0.1]],
    ['rising', [0, 0.2]],
    ['calming', [0.1, -0.3]],
    ['steady', [0.1, -0.1]],
  ] as const)('is %s for a change of %j', (name, change) => {
    expect(shown([change])).toEqual([name]);
    expect(changeOf(ringOf(change[0] / 15, change[1] / 15))!.valence).toBeCloseTo(change[0], 4);
  });

  it('changes once the new one has held for four seconds', () => {
    const words = shown([...times(2, [0, 0]), ...times(12, [0.3, 0])]);
    expect(words.indexOf('brightening')).toBe(2 + 8);
  });

  it('does not follow a short turn', () => {
    const words = shown([...times(2, [0.3, 0]), ...times(6, [-0.3, 0]), ...times(8, [0.3, 0])]);
    expect(new Set(words)).toEqual(new Set(['brightening']));
  });

  it('has a dead band, and no flicker between two axes', () => {
    expect(new Set(shown([[0.2, 0], ...times(20, [0.1, 0])]))).toEqual(new Set(['brightening']));
    expect(new Set(shown([[0.2, 0.18], ...times(20, [0.18, 0.2])]))).toEqual(new Set(['brightening']));
    expect(shown([[0.2, 0], ...times(20, [0.03, 0])]).at(-1)).toBe('steady');
  });
});
