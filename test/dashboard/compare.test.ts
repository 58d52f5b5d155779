import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { lanePaths } from '../../dashboard/draw/lane.ts';
import {
  comparedParts,
  difference,
  meansOf,
  partGapMs,
  partSeconds,
} from '../../dashboard/state/comparison.ts';
import type { Curve } from '../../dashboard/state/curve.ts';
import { violations } from './axe.ts';
import { describeInBrowser, fitsWindow } from './describe-in-browser.ts';
import { fakeFrame } from './fake-frame.ts';
import { useRealServer } from './real-server.ts';

/** A curve of steps with one value on both axes. */
function curve(startMs: number, seconds: number, value: number | null): Curve {
  const rows = Array.from({ length: 2 * seconds }, (_, i) => ({
    ...fakeFrame('booth', 0, startMs + 500 * (i + 1)),
    valence: value,
    arousal: value,
  }));
  const times = Float64Array.from(rows, ({ time }) => Date.parse(time));
  return { startMs, endMs: startMs + seconds * 1000, stepSeconds: 0.5, rows, times };
}

describe('a comparison', () => {
  const [a, b] = [curve(0, 20, 0.1), curve(7_000_000, 40, 0.3)];

  it('aligns both at their starts, however long they are', () => {
    const parts = comparedParts(a, b, partSeconds([a, b], 4));
    expect(parts.map(({ at }) => at)).toEqual([0, 10, 20, 30]);
    expect(parts.map((part) => part.a?.valence)).toEqual([0.1, 0.1, undefined, undefined].map(close));
    expect(parts.map((part) => part.b?.valence)).toEqual([0.3, 0.3, 0.3, 0.3].map(close));
  });

  it('joins parts between which steps were late, not those without data', () => {
    const path = (seconds: number) =>
      lanePaths(
        [0, 1000, 1000 * seconds].map((ms) => ({ ms, value: 0, low: null, high: null })),
        { fromMs: 0, toMs: 20_000, reach: 1 },
        partGapMs(1000),
      ).line;
    expect(path(4).match(/M/g)).toHaveLength(1);
    expect(path(10).match(/M/g)).toHaveLength(2);
  });

  it('has means over the time with music, and their difference', () => {
    const rows = [...a.rows, ...curve(0, 20, null).rows];
    expect(meansOf({ rows })).toEqual({ valence: close(0.1), arousal: close(0.1), music: 0.5 });
    expect(meansOf({ rows: [] })).toEqual({ valence: null, arousal: null, music: 0 });
    expect(difference(0.1, 0.3)).toBeCloseTo(0.2);
    expect(difference(null, 0.3)).toBeNull();
  });
});

const close = (value: number | undefined) => (value === undefined ? undefined : expect.closeTo(value, 6));

describeInBrowser('two sessions compared in a browser', {}, (browser) => {
  const server = useRealServer();
  const { client, step } = server;
  let page: Page;

  async function record(title: string): Promise<string> {
    const { id } = await client().sessions.start({ stream: 'booth', title });
    for (let i = 0; i < 12; i++) {
      step();
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    await client().sessions.stop(id);
    return id;
  }

  it('chooses two in the list, shows them over each other and side by side, and what is behind', async () => {
    const first = await record('First evening');
    step(60);
    const second = await record(`Second evening${'word'.repeat(40)}`);
    page = await browser.open(`${server.url}#sessions`);
    await page.getByText('Choose two sessions to compare them.').waitFor();
    expect(await page.getByRole('button', { name: 'Compare' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: /Choose Second evening/ }).check();
    await page.getByText('Choose one more session.').waitFor();
    // A session stays chosen while the list shows others.
    const search = page.getByRole('searchbox', { name: 'Search' });
    await search.fill('first');
    await page.getByRole('checkbox', { name: /Choose Second evening/ }).waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: 'Choose First evening to compare' }).check();
    await search.fill('third');
    await page.getByText('No session matches.').waitFor();
    await search.fill('');
    await page.getByLabel('To', { exact: true }).fill('2020-01-01');
    await page.getByText('No session matches.').waitFor();
    await page.getByLabel('To', { exact: true }).fill('');
    await page.getByRole('checkbox', { name: 'Choose First evening to compare' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Compare' }).click();

    // The earlier one is A, whichever was chosen first.
    await page.getByRole('img', { name: 'Path over the plane: A, B' }).waitFor();
    expect(page.url()).toContain(`#compare=${first},${second}`);
    expect(await page.title()).toContain('Two sessions compared');
    const [one, other] = await page.locator('.compare-sessions li').allInnerTexts();
    expect(one).toMatch(/A First evening[\s\S]*Mean valence [+−]0\.\d\d, mean arousal/);
    expect(other).toMatch(/B Second evening/);
    const valueIn = (text: string) => Number(/valence ([+−]?0\.\d\d)/.exec(text)![1]!.replace('−', '-'));
    const shown = await page.locator('.compare-difference').innerText();
    expect(Math.abs(valueIn(shown) - (valueIn(other!) - valueIn(one!)))).toBeLessThan(0.011);
    await page.getByText('calculated before rounding and may differ by 0.01 from').waitFor();
    expect(await page.locator('.lane-compared').first().getAttribute('d')).toMatch(/^M/);
    await page.getByText('Show as a table').click();
    expect(await page.getByRole('columnheader').allInnerTexts()).toContain('Valence B − A');
    expect(await violations(page)).toEqual([]);

    await page.getByRole('link', { name: 'Side by side' }).click();
    await page.getByRole('img', { name: 'Path over the plane: B', exact: true }).waitFor();
    expect(page.url()).toContain('&as=side');
    expect(await page.locator('.compare-side .lane').count()).toBe(4);
    await fitsWindow(page);
    // On a phone the table scrolls; its numbers stay on one line.
    const size = page.viewportSize()!;
    await page.setViewportSize({ width: 390, height: 844 });
    const heights = page
      .locator('.compare-table tbody th')
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().height));
    expect(Math.max(...(await heights))).toBeLessThan(40);
    await fitsWindow(page);
    await page.setViewportSize(size);
    // One scale for all, wide enough for each.
    expect(new Set(await page.locator('.lane-top').allInnerTexts()).size).toBe(1);
    for (const path of await page.locator('.lane-line').all())
      expect(await path.getAttribute('d')).not.toMatch(/ (0|100)\.0[LMh]/);
    expect(await violations(page)).toEqual([]);
    await page.goBack();
    await page.getByRole('img', { name: 'Path over the plane: A, B' }).waitFor();
  });

  it('says which session there is none of', async () => {
    const id = await record('Only one');
    page = await browser.open(`${server.url}#compare=${id},calm-otter-1`);
    await page.getByRole('alert').filter({ hasText: 'There is no session "calm-otter-1"' }).waitFor();
    browser.faults.length = 0; // Chromium logs the 404 itself.
  });
});
