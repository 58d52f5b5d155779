import { expect, test } from 'vitest';
import { layOut } from '../../../lab/plots/axis.ts';
import { lineChart } from '../../../lab/plots/line-chart.ts';
import { scatterChart } from '../../../lab/plots/scatter-chart.ts';
import { svgDocument } from '../../../lab/plots/svg.ts';

test('ticks are round numbers around all values', () => {
  const texts = (values: number[]) => layOut({ label: '' }, values).ticks.map(({ text }) => text);
  expect(texts([0.171, 0.219])).toEqual(['0.17', '0.18', '0.19', '0.20', '0.21', '0.22']);
  expect(texts([-0.48, 0.92])).toEqual(['-0.5', '0.0', '0.5', '1.0']);
  expect(texts([3, 3])).toHaveLength(4); // a single value has an axis, too
  expect(texts([])).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
  const axis = layOut({ label: '', from: 0, to: 6 }, [1, 6]);
  expect([0, 3, 6].map(axis.place)).toEqual([0, 0.5, 1]);
});

test('a logarithmic axis maps equal ratios to equal lengths', () => {
  const { place, ticks } = layOut({ label: 'ms', scale: 'log' }, [0.3, 22]);
  expect(place(2) - place(1)).toBeCloseTo(place(20) - place(10), 10);
  expect(ticks.map(({ text }) => text)).toEqual(['0.3', '1', '3', '10']);
});

/** Coordinates of the points of a path. */
function pointsOf(path: string): number[][] {
  return [...path.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

test('a line passes through its points and is interrupted at missing values', () => {
  const points: [number, number][] = [
    [0, 0],
    [1, 1],
    [2, Number.NaN],
    [3, 0.5],
  ];
  const x = { label: 'x', from: 0, to: 4 };
  const { body } = lineChart({
    title: 't',
    x,
    y: { label: 'y', from: 0, to: 1 },
    series: [{ name: 'a', points }],
  });
  const path = /class="line" stroke="var\(--c0\)" d="(M[^h"]*)"\/>(?!<text)/.exec(body)![1]!;
  expect(path.match(/M/g)).toHaveLength(2);
  const [a, b, c] = pointsOf(path);
  expect(b![1]).toBeLessThan(c![1]!);
  expect(c![1]).toBeCloseTo((a![1]! + b![1]!) / 2, 1);
  expect(c![0]! - a![0]!).toBeCloseTo(3 * (b![0]! - a![0]!), 1);
});

test('escapes names and defines each color for light and dark mode', () => {
  const groups = [{ name: '<b> & "co"', points: [{ x: 0, y: 0, text: 'a < b' }] }];
  const svg = svgDocument([scatterChart({ title: 'R² > 0', x: { label: 'x' }, y: { label: 'y' }, groups })]);
  expect(svg).toContain('&lt;b&gt; &amp; &quot;co&quot;');
  expect(svg).toContain('R² &gt; 0');
  expect(svg).toContain('a &lt; b');
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(svg.match(/--c3:/g)).toHaveLength(2);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test('texts of close points do not overlap', () => {
  const points = [0, 0.001, 0.002, 0.003].map((y, i) => ({ x: 0.1, y, text: `model ${i}` }));
  const { body } = scatterChart({
    title: '',
    x: { label: '', from: 0, to: 1 },
    y: { label: '', from: 0, to: 1 },
    groups: [{ name: '', points }],
  });
  const ys = [...body.matchAll(/<text class="name halo" x="[\d.]+" y="([\d.]+)"/g)]
    .map(([, y]) => Number(y))
    .sort((a, b) => a - b);
  expect(ys).toHaveLength(4);
  for (let i = 1; i < ys.length; i++) expect(ys[i]! - ys[i - 1]!).toBeGreaterThanOrEqual(14);
});

test('arranges charts in rows and columns', () => {
  const chart = { width: 100, height: 50, body: '<g/>' };
  const svg = svgDocument([chart, chart, chart], 2);
  expect([...svg.matchAll(/translate\((\d+) (\d+)\)/g)].map(([, x, y]) => [Number(x), Number(y)])).toEqual([
    [16, 16],
    [132, 16],
    [16, 82],
  ]);
});
