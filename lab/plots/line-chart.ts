import { type AxisOptions, layOut } from './axis.ts';
import { colorOf, framed } from './frame.ts';
import { type Chart, px } from './svg.ts';

interface LineSeries {
  readonly name: string;
  /** Points (x, y) in order of x. A y that is not finite interrupts the line. */
  readonly points: readonly (readonly [number, number])[];
  readonly dashed?: boolean;
  /** Index of its color. Default: the index of the series. */
  readonly color?: number;
  /** Draw a dot at each point. */
  readonly dots?: boolean;
}

interface LineChartOptions {
  readonly title: string;
  readonly x: AxisOptions;
  readonly y: AxisOptions;
  readonly series: readonly LineSeries[];
  /** Draw the line x = y. */
  readonly diagonal?: boolean;
  /** Draw a labeled vertical line at x. */
  readonly mark?: { readonly x: number; readonly text: string };
  readonly width?: number;
  readonly height?: number;
}

/** A line chart, for learning curves and calibration. */
export function lineChart(options: LineChartOptions): Chart {
  const { series, diagonal, mark } = options;
  const all = series.flatMap(({ points }) => points);
  const x = layOut(
    options.x,
    all.map(([value]) => value),
  );
  const y = layOut(
    options.y,
    all.map(([, value]) => value),
  );
  return framed({ ...options, x, y, names: series }, (place) => {
    const lines = series.map(({ points, dashed, color, dots }, i) => {
      const stroke = colorOf(color ?? i);
      let pen = 'M';
      let path = '';
      for (const [valueX, valueY] of points) {
        if (!Number.isFinite(valueY)) pen = 'M';
        else {
          path += `${pen}${px(place.x(valueX))} ${px(place.y(valueY))}`;
          pen = 'L';
        }
      }
      const marks = dots
        ? points.map(
            ([a, b]) => `<circle cx="${px(place.x(a))}" cy="${px(place.y(b))}" r="3" fill="${stroke}"/>`,
          )
        : [];
      return `<path class="line${dashed ? ' dashed' : ''}" stroke="${stroke}" d="${path}"/>${marks.join('')}`;
    });
    const [low, high] = [
      Math.max(x.ticks[0]!.value, y.ticks[0]!.value),
      Math.min(x.ticks.at(-1)!.value, y.ticks.at(-1)!.value),
    ];
    return [
      diagonal
        ? `<path class="guide" d="M${px(place.x(low))} ${px(place.y(low))}L${px(place.x(high))} ${px(place.y(high))}"/>`
        : '',
      mark
        ? `<path class="guide" d="M${px(place.x(mark.x))} ${px(place.y(y.ticks[0]!.value))}V${px(place.y(y.ticks.at(-1)!.value))}"/><text class="halo" x="${px(place.x(mark.x) - 4)}" y="${px(place.y(y.ticks.at(-1)!.value) + 10)}" text-anchor="end">${mark.text}</text>`
        : '',
      ...lines,
    ].join('\n');
  });
}
