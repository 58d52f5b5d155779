import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitProfile } from '../../src/profiles/fit-profile.ts';
import { MIN_RATINGS } from '../../src/profiles/leave-one-out.ts';
import { type Rating, scaleOf } from '../../src/profiles/profile.ts';

const prior = { offsetSd: 0.11, slopeSd: 0.3, noiseSd: 0.2 };
const TIME = '2026-01-01T00:00:00.000Z';
const rated = (reading: Rating['reading'], valence: number | null, arousal: number | null): Rating => ({
  piece: 'song.ogg',
  time: TIME,
  valence,
  arousal,
  reading,
});
/** Readings spread over the axes, without any pattern in common. */
const readings = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    valence: 0.5 * Math.sin(7 * i),
    arousal: 0.5 * Math.sin(3 * i + 1),
  }));

describe('the fit of a profile', () => {
  test('finds the scale of a rater, and what it gains on pieces that it was not fitted on', () => {
    const ratings = readings(20).map((one) => rated(one, 0.25 + 0.6 * one.valence, one.arousal - 0.3));
    const fit = fitProfile(ratings, { prior, time: new Date(TIME) });
    expect(fit).toMatchObject({ time: TIME, advised: true });
    expect(fit.valence).toMatchObject({ ratings: 20, helps: 'yes' });
    expect(fit.valence!.offset).toBeCloseTo(0.25, 1);
    expect(fit.valence!.slope).toBeGreaterThan(0.6);
    expect(fit.valence!.slope).toBeLessThan(0.9);
    expect(fit.arousal!.offset).toBeLessThan(-0.2);
    expect(fit.valence!.after.rmse).toBeLessThan(fit.valence!.before.rmse / 2);
    expect(fit.valence!.after.r2).toBeGreaterThan(fit.valence!.before.r2!);
    expect(fit.summary).toMatch(/^Valence: the error on other pieces falls from 0\.\d+ to 0\.\d+\./);
  });

  test('says that it does not help a rater who rates like the model, with an error of their own', () => {
    const ratings = readings(20).map((one, i) => rated(one, one.valence + (i % 2 ? 0.2 : -0.2), null));
    const fit = fitProfile(ratings, { prior });
    expect(fit).toMatchObject({ advised: false, arousal: null, valence: { helps: 'no' } });
    expect(fit.valence!.after.rmse).toBeGreaterThanOrEqual(fit.valence!.before.rmse);
    expect(fit.summary).toContain('The profile does not help and is not advised.');
    expect(scaleOf({ fit })!.arousal).toEqual({ offset: 0, slope: 1 });
  });

  test('says when a gain may be chance, and when there are few ratings', () => {
    const errors = [0.4, 0.4, 0.2, 0.4, -0.2, 0.3];
    const ratings = readings(6).map((one, i) => rated(one, null, one.arousal + errors[i]!));
    const fit = fitProfile(ratings, { prior });
    expect(fit.arousal).toMatchObject({ helps: 'perhaps', ratings: 6 });
    expect(fit.summary).toContain('which may be chance');
    expect(fit.summary).toContain('Rate at least 10 pieces');
  });

  test('predicts each piece without its own rating', () => {
    const ratings = readings(8).map((one) => rated(one, one.valence, one.arousal));
    const outlier = rated({ valence: 0.1, arousal: 0.1 }, 1, 1);
    const { valence } = fitProfile([...ratings, outlier], { prior });
    // Only the outlier has an error before; a fit of the others, which agree with the model, does not help it.
    expect(valence!.before.rmse).toBeCloseTo(0.9 / 3, 12);
    expect(valence!.after.rmse).toBeGreaterThanOrEqual(valence!.before.rmse);
  });

  test('needs some ratings of an axis', () => {
    const few = readings(MIN_RATINGS - 1).map((one) => rated(one, 0.5, 0.5));
    expect(() => fitProfile(few)).toThrow('There are 4 ratings; at least 5 are needed');
    expect(() => fitProfile([])).toThrow('There are 0 ratings');
  });

  test('works for any ratings', () => {
    const axis = fc.double({ min: -1, max: 1, noNaN: true });
    const any = fc.record({
      reading: fc.record({ valence: axis, arousal: axis }),
      valence: axis,
      arousal: axis,
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 5, maxLength: 30 }), (all) => {
        const fit = fitProfile(all.map((one) => rated(one.reading, one.valence, one.arousal)));
        for (const one of [fit.valence!, fit.arousal!]) {
          expect(one.slope).toBeGreaterThan(0);
          for (const number of [one.offset, one.slope, one.before.rmse, one.after.rmse])
            expect(number).not.toBeNaN();
          expect(one.helps === 'no').toBe(one.after.rmse >= one.before.rmse);
        }
      }),
    );
  });
});
