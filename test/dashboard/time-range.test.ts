import { describe, expect, it } from 'vitest';
import { laneLayout, laneScale } from '../../dashboard/draw/lane-layout.ts';
import { limitFor } from '../../dashboard/draw/limit.ts';
import { ribbonSpans } from '../../dashboard/draw/ribbon.ts';
import { elapsedTicks, timeTicks } from '../../dashboard/draw/time-ticks.ts';
import { StepRing } from '../../dashboard/state/step-ring.ts';
import { center, MIN_SPAN, overviewOf, pan, rangeOf, zoom } from '../../dashboard/state/time-range.ts';
import { fakeFrame } from './fake-frame.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z') / 1000;
const LIVE = { span: 180, until: null };

describe('time range', () => {
  it('moves into the past, and is live again at the newest step', () => {
    const back = pan(LIVE, -100, NOW);
    expect(rangeOf(back, NOW)).toEqual({ from: NOW - 280, to: NOW - 100 });
    expect(pan(back, 99, NOW).until).toBe(NOW - 1);
    expect(pan(back, 100, NOW)).toEqual(LIVE);
  });

  it('zooms about the time under the pointer; a live view stays live', () => {
    const back = { span: 200, until: NOW - 1000 };
    const zoomed = zoom(back, 0.5, NOW - 1050, NOW);
    expect(zoomed).toEqual({ span: 100, until: NOW - 1025 });
    expect(zoom(LIVE, 2, NOW - 10, NOW)).toEqual({ span: 360, until: null });
    expect(zoom(LIVE, 0, NOW, NOW).span).toBe(MIN_SPAN);
  });

  it('has an overview of at least eight times the span that contains the view', () => {
    for (const span of [60, 180, 900, 7200, 86_400, 604_800])
      for (const back of [0, 3 * span, 20 * span, 300 * span]) {
        const view = center(span, NOW - back - span / 2, NOW);
        const whole = overviewOf(view, NOW);
        const shown = rangeOf(view, NOW);
        expect(whole.from).toBeLessThanOrEqual(shown.from);
        expect(whole.to).toBeGreaterThanOrEqual(shown.to);
        expect(whole.to).toBeLessThanOrEqual(NOW);
        expect(whole.to - whole.from).toBeGreaterThanOrEqual(8 * span);
      }
  });
});

describe('chart geometry', () => {
  it.each([60, 180, 900, 7200, 86_400, 7 * 86_400, 40 * 86_400, 700 * 86_400])(
    'has at most as many ticks as fit, at rising times: %i s',
    (span) => {
      const range = { from: NOW - span, to: NOW };
      const ticks = timeTicks(range, 8);
      expect(ticks.length).toBeGreaterThan(0);
      expect(ticks.length).toBeLessThanOrEqual(9);
      ticks.forEach(({ x }, i) => {
        expect(x).toBeGreaterThanOrEqual(range.from);
        expect(x).toBeLessThanOrEqual(range.to);
        if (i > 0) expect(x).toBeGreaterThan(ticks[i - 1]!.x);
      });
    },
  );

  it('widens the axes at once, and narrows them only with a margin', () => {
    expect(limitFor(0.3, 0.6)).toBe(0.6);
    expect(limitFor(0.61, 0.6)).toBe(0.8);
    expect(limitFor(0.58, 0.8)).toBe(0.8);
    expect(limitFor(0.5, 0.8)).toBe(0.6);
    expect(limitFor(0.95, 0.6)).toBe(1);
    expect(limitFor(0.7, 1)).toBe(0.8);
  });

  it('maps the ends of a lane onto its edges', () => {
    const layout = laneLayout(300, 16);
    for (const axis of ['valence', 'arousal'] as const) {
      const [min, max] = laneScale(layout[axis], 300, 0.6);
      const pixel = (value: number) => (300 * (max - value)) / (max - min);
      expect(pixel(0.6)).toBeCloseTo(layout[axis].top, 6);
      expect(pixel(-0.6)).toBeCloseTo(layout[axis].bottom, 6);
    }
    expect(layout.arousal.bottom).toBeLessThan(layout.ribbon.top);
  });
});

it('labels all of the time in the ribbon: moods, speech, silence and missing data', () => {
  const ring = new StepRing();
  const at = (seq: number) => fakeFrame('booth', seq, 1000 * NOW + 500 * (seq + 1));
  for (let seq = 100; seq < 240; seq++) if (seq < 180 || seq >= 190) ring.append(at(seq));
  const to = ring.x(ring.length - 1);
  const spans = ribbonSpans([{ steps: ring, from: ring.x(0) - 0.5, to }]);
  expect(spans.map(({ label }) => label)).toEqual(expect.arrayContaining(['silence', 'speech', 'no data']));
  spans.forEach(({ from }, i) => {
    if (i > 0) expect(from).toBeCloseTo(spans[i - 1]!.to, 3);
  });
  expect(spans.at(-1)!.to).toBe(to);
  expect(spans.find(({ label }) => label === 'silence')!.to).toBeCloseTo(NOW + 85, 3);
});

it('times of a recording begin at 0:00, with nothing before it', () => {
  const zero = 1_700_000_000;
  const labels = (from: number, to: number) =>
    elapsedTicks({ from: zero + from, to: zero + to }, 8, zero).map(({ label }) => label);
  expect(labels(-120, 60)).toEqual(['0:00', '0:30', '1:00']);
  expect(labels(3_590, 3_620)).toEqual([
    '59:50',
    '59:55',
    '1:00:00',
    '1:00:05',
    '1:00:10',
    '1:00:15',
    '1:00:20',
  ]);
});
