import { describe, expect, it } from 'vitest';
import { RING_STEPS, StepRing } from '../../dashboard/state/step-ring.ts';
import { fakeFrame } from './fake-frame.ts';

const START = Date.parse('2026-01-01T12:00:00Z');
const frame = (seq: number, startMs = START) => fakeFrame('booth', seq, startMs + 500 * (seq + 1));
const seqs = (ring: StepRing) => Array.from({ length: ring.length }, (_, i) => ring.seq(i));

describe('StepRing', () => {
  it('keeps the newest steps, oldest first', () => {
    const ring = new StepRing();
    for (let seq = 0; seq < RING_STEPS + 10; seq++) expect(ring.append(frame(seq))).toBe(true);
    expect(ring.length).toBe(RING_STEPS);
    expect(ring.seq(0)).toBe(10);
    expect(ring.seq(RING_STEPS - 1)).toBe(RING_STEPS + 9);
    expect(ring.valence(0)).toBeCloseTo(frame(10).valence!, 6);
  });

  it('rejects repeats and older steps, and merges each once', () => {
    const ring = new StepRing();
    ring.append(frame(5));
    expect(ring.append(frame(5))).toBe(false);
    expect(ring.append(frame(3))).toBe(false);
    ring.append(frame(6));
    ring.merge([frame(3), frame(4), frame(5)]);
    expect(seqs(ring)).toEqual([3, 4, 5, 6]);
    expect(ring.append(frame(7))).toBe(true);
  });

  it('accepts a new run, which counts from 0 again', () => {
    const ring = new StepRing();
    ring.append(frame(40));
    expect(ring.append(frame(0, START + 60_000))).toBe(true);
    expect(ring.x(1) - ring.x(0)).toBeCloseTo(60 - 40 * 0.5, 6);
  });

  it('accepts steps after the clock of the server is set back', () => {
    const ring = new StepRing();
    ring.append(frame(0));
    expect(ring.append(frame(1, START - 3_600_000))).toBe(true);
    expect(ring.x(1)).toBeGreaterThan(ring.x(0));
  });

  it.each([-20, -3_600, 90 * 86_400])('keeps the steps together when the clock is set by %d s', (seconds) => {
    const ring = new StepRing();
    for (let seq = 0; seq < 10; seq++) ring.append(frame(seq));
    ring.clockChanged(seconds);
    for (let seq = 10; seq < 20; seq++) expect(ring.append(frame(seq, START + seconds * 1000))).toBe(true);
    for (let i = 1; i < ring.length; i++) expect(ring.x(i) - ring.x(i - 1)).toBeCloseTo(0.5, 6);
    expect(ring.x(19)).toBeCloseTo(START / 1000 + seconds + 10, 6);
  });

  it('keeps the steps apart while the clock stands still or before a change back is announced', () => {
    const ring = new StepRing();
    for (let seq = 0; seq < 20; seq++)
      ring.append(fakeFrame('booth', seq, seq < 10 ? START + 500 * seq : START - 60_000));
    for (let i = 1; i < ring.length; i++) expect(ring.x(i) - ring.x(i - 1)).toBeGreaterThan(0.35);
  });

  it('spaces steps by audio time, however unevenly they arrive', () => {
    const ring = new StepRing();
    for (let seq = 0; seq < 20; seq++)
      ring.append(fakeFrame('booth', seq, START + 2000 * Math.floor(seq / 4)));
    for (let i = 1; i < ring.length; i++) {
      expect(ring.x(i) - ring.x(i - 1)).toBeGreaterThan(0.35);
      expect(ring.x(i) - ring.x(i - 1)).toBeLessThan(0.65);
    }
  });

  /** `lateMs`: how late each step from `seq` 10 to 15 is. */
  const withPause = (lateMs: (seq: number) => number) => {
    const ring = new StepRing();
    for (let seq = 0; seq < 20; seq++) ring.append(fakeFrame('booth', seq, START + 500 * seq + lateMs(seq)));
    return Array.from({ length: 19 }, (_, i) => ring.x(i + 1) - ring.x(i));
  };

  it('closes the hole of steps that were late, as soon as they catch up', () => {
    for (const gap of withPause((seq) => (seq < 10 ? 0 : Math.max(0, 3000 - 480 * (seq - 10)))))
      expect(gap).toBeCloseTo(0.5, 1);
  });

  it('keeps the hole of a source that delivered nothing', () => {
    const gaps = withPause((seq) => (seq < 10 ? 0 : 3000 + 40 * (seq % 3)));
    expect(gaps[9]).toBeCloseTo(3.5, 1);
    for (const gap of gaps.toSpliced(9, 1)) expect(gap).toBeCloseTo(0.5, 1);
  });

  it('has no values where there is no music', () => {
    const ring = new StepRing();
    ring.append(frame(150));
    expect(ring.isMusic(0)).toBe(false);
    expect(ring.valence(0)).toBeNaN();
    ring.merge([frame(149)]);
    expect(ring.isMusic(1)).toBe(false);
  });
});
