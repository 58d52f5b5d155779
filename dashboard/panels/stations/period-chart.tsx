import type { EmotionBucket } from '../../../src/client/index.ts';
import { AXES, type Axis } from '../../../src/frame-fields.ts';
import type { LanePoint } from '../../draw/lane.ts';
import { yearsOf } from '../../state/chart-years.ts';
import { commonestMood } from '../../state/commonest-mood.ts';
import {
  dateTime,
  isThisYear,
  month,
  shortDate,
  shortDateWithoutYear,
  timeOfDay,
} from '../../state/dates.ts';
import { t } from '../../state/i18n.ts';
import { moodName } from '../../state/mood-name.ts';
import { HOUR_MS, type Period } from '../../state/station.ts';
import { ReadingsTable } from '../readings-table.tsx';
import { LaneChart, type Tick } from './lane-chart.tsx';

export interface PeriodChartProps {
  readonly period: Period;
  readonly fromMs: number;
  readonly toMs: number;
  readonly buckets: readonly EmotionBucket[];
}

/** Both axes over a day, a week or a year, with a ribbon of what played, and the table behind them. */
export function PeriodChart({ period, fromMs, toMs, buckets }: PeriodChartProps) {
  const ticks = ticksOf(period, fromMs, toMs);
  const isOld = !isThisYear(new Date(fromMs)) || !isThisYear(new Date(toMs));
  const hasYears = period.name === 'year' || (period.name === 'week' && isOld);
  const years = hasYears ? yearsOf(fromMs, toMs) : undefined;
  const timeText = period.name === 'year' ? shortDate : dateTime;
  return (
    <>
      {AXES.map((axis) => (
        <LaneChart
          key={axis}
          axis={axis}
          points={pointsOf(buckets, axis, period.stepMs)}
          {...{ fromMs, toMs, ticks, years, timeText }}
          stepMs={period.stepMs}
        />
      ))}
      <Ribbon {...{ buckets, fromMs, toMs }} stepMs={period.stepMs} />
      <details class="station-table">
        <summary>{t('table.show')}</summary>
        <ReadingsTable
          readings={buckets.map((bucket) => ({
            key: bucket.time,
            from: timeText(bucket.time),
            word: mainWord(bucket),
            valence: bucket.valence,
            arousal: bucket.arousal,
          }))}
        />
      </details>
    </>
  );
}

interface RibbonProps {
  readonly buckets: readonly EmotionBucket[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** Music, speech and silence over the period: shares from bottom to top. */
function Ribbon({ buckets, fromMs, toMs, stepMs }: RibbonProps) {
  const width = (stepMs / (toMs - fromMs)) * 1000;
  return (
    <div class="ribbon">
      <svg viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label={t('stations.ribbon')}>
        {buckets.map(({ time, music, speech }) => {
          const x = ((Date.parse(time) - fromMs) / (toMs - fromMs)) * 1000;
          return (
            <g key={time}>
              <rect class="ribbon-silence" x={x} y={0} width={width} height={10} />
              <rect
                class="ribbon-speech"
                x={x}
                y={10 - (music + speech) * 10}
                width={width}
                height={speech * 10}
              />
              <rect class="ribbon-music" x={x} y={10 - music * 10} width={width} height={music * 10} />
            </g>
          );
        })}
      </svg>
      <p class="ribbon-legend" aria-hidden="true">
        {(['music', 'speech', 'silence'] as const).map((one) => (
          <span key={one} data-activity={one}>
            {moodName(one)}
          </span>
        ))}
        <span data-activity="none">{t('stations.noData')}</span>
      </p>
    </div>
  );
}

const pointsOf = (buckets: readonly EmotionBucket[], axis: Axis, stepMs: number): LanePoint[] =>
  buckets.map((bucket) => ({
    ms: Date.parse(bucket.time) + stepMs / 2,
    value: bucket[axis],
    low: bucket[`${axis}Min`],
    high: bucket[`${axis}Max`],
  }));

/** The mood or activity that took the most time. */
function mainWord(bucket: EmotionBucket): string {
  const { music, speech, silence } = bucket;
  if (music < Math.max(speech, silence)) return speech > silence ? 'speech' : 'silence';
  return commonestMood(bucket) ?? 'music';
}

/** Full hours of a day, days of a week, months of a year. */
function ticksOf({ name }: Pick<Period, 'name'>, fromMs: number, toMs: number): Tick[] {
  const ticks: Tick[] = [];
  const at = new Date(fromMs);
  at.setMinutes(0, 0, 0);
  if (name !== 'day') at.setHours(0);
  if (name === 'year') at.setDate(1);
  for (; at.getTime() < toMs; ) {
    const ms = at.getTime();
    const due = name === 'day' ? at.getHours() % 3 === 0 : true;
    const label = name === 'day' ? timeOfDay(ms) : name === 'week' ? shortDateWithoutYear(ms) : month(ms);
    if (ms >= fromMs && due) ticks.push({ ms, label });
    if (name === 'day') at.setTime(ms + HOUR_MS);
    else if (name === 'week') at.setDate(at.getDate() + 1);
    else at.setMonth(at.getMonth() + 1);
  }
  return ticks;
}
