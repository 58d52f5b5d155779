import './compare-page.css';
import { useMemo } from 'preact/hooks';
import { AXES, type Axis } from '../../src/frame-fields.ts';
import { type LanePoint, reachOf } from '../draw/lane.ts';
import { limitFor } from '../draw/limit.ts';
import { ComparisonPlane } from '../panels/comparison-plane.tsx';
import { ComparisonTable } from '../panels/comparison-table.tsx';
import { LaneChart, type Tick } from '../panels/stations/lane-chart.tsx';
import { useLoad } from '../panels/use-load.ts';
import { client } from '../state/client.ts';
import { comparedParts, difference, longest, meansOf, partGapMs, partSeconds } from '../state/comparison.ts';
import { type CurvePart, curveParts } from '../state/curve-parts.ts';
import { dateTimeWithYear } from '../state/dates.ts';
import { elapsed, fixed, signed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { loadRecording, type Recording } from '../state/recording.ts';
import { compareHref, SESSIONS_HREF, sessionHref } from '../state/view.ts';

export interface ComparePageProps {
  readonly ids: readonly [string, string];
  /** Side by side instead of over each other. */
  readonly side: boolean;
}

const CHART_PARTS = 240;
const PLANE_PARTS = 80;
const TABLE_PARTS = 30;
const TICKS = 6;

/** Two sessions, aligned at their starts. */
export function ComparePage({ ids, side }: ComparePageProps) {
  const loaded = useLoad(
    (signal) =>
      Promise.all(ids.map(async (id) => loadRecording(await client.sessions.get(id), signal))) as Promise<
        [Recording, Recording]
      >,
    ids,
  );
  const both = loaded.value.value;
  return (
    <main id="content" class="compare-page" tabIndex={-1}>
      <a class="session-back" href={SESSIONS_HREF}>
        ← {t('session.all')}
      </a>
      <h2>{t('compare.title')}</h2>
      {loaded.error.value !== null && <p role="alert">{loaded.error.value}</p>}
      {both === null && loaded.error.value === null && <p>{t('session.loading')}</p>}
      {both !== null && <Comparison both={both} side={side} />}
    </main>
  );
}

interface ComparisonProps {
  readonly both: readonly [Recording, Recording];
  readonly side: boolean;
}

function Comparison({ both, side }: ComparisonProps) {
  const [a, b] = both;
  const seconds = partSeconds(both, CHART_PARTS);
  const charts = useMemo(() => both.map((one) => curveParts(one, seconds)), [both]);
  const planes = useMemo(() => both.map((one) => curveParts(one, partSeconds(both, PLANE_PARTS))), [both]);
  const rows = useMemo(() => comparedParts(a, b, partSeconds(both, TABLE_PARTS)), [both]);
  const reach = reachOf(charts.flat().flatMap(({ valence, arousal }) => [valence, arousal]));
  const span = { reach, toMs: longest(both) * 1000, stepMs: seconds * 1000 };
  const limit = limitFor(reach, 0);
  const ids = [a.session.id, b.session.id] as const;
  return (
    <>
      <Means both={both} />
      <nav class="compare-choice" aria-label={t('compare.view')}>
        <a class="button" href={compareHref(ids)} aria-current={side ? undefined : 'page'}>
          {t('compare.overlaid')}
        </a>
        <a class="button" href={compareHref(ids, true)} aria-current={side ? 'page' : undefined}>
          {t('compare.side')}
        </a>
      </nav>
      {side ? (
        <div class="compare-side">
          {both.map(({ session }, i) => (
            <section key={session.id} aria-label={`${NAMES[i]}: ${session.title ?? session.id}`}>
              <h3>
                {NAMES[i]} · {session.title ?? session.id}
              </h3>
              <ComparisonPlane paths={[{ name: NAMES[i]!, parts: planes[i]! }]} limit={limit} />
              {AXES.map((axis) => (
                <Lane key={axis} axis={axis} parts={charts[i]!} {...span} />
              ))}
            </section>
          ))}
        </div>
      ) : (
        <div class="compare-over">
          <ComparisonPlane paths={NAMES.map((name, i) => ({ name, parts: planes[i]! }))} limit={limit} />
          <div class="compare-lanes">
            {AXES.map((axis) => (
              <Lane key={axis} axis={axis} parts={charts[0]!} other={charts[1]!} {...span} />
            ))}
          </div>
        </div>
      )}
      <ComparisonTable parts={rows} />
    </>
  );
}

const NAMES = ['A', 'B'] as const;

/** What the two sessions are, their means, and how far the means are apart. */
function Means({ both }: Pick<ComparisonProps, 'both'>) {
  const [a, b] = both.map(meansOf);
  const change = (axis: Axis) => signed(difference(a![axis], b![axis]));
  return (
    <>
      <ul class="compare-sessions">
        {both.map(({ session }, i) => {
          const { valence, arousal, music } = [a, b][i]!;
          return (
            <li key={session.id} data-name={NAMES[i]}>
              <svg viewBox="0 0 34 6" aria-hidden="true">
                <path d="M1 3h32" />
              </svg>
              <b>{NAMES[i]}</b> <a href={sessionHref(session.id)}>{session.title ?? session.id}</a>
              <p>
                {dateTimeWithYear(session.startedAt)} · {t('session.stream', { stream: session.stream })} ·{' '}
                {elapsed(session.seconds)}
              </p>
              <p>
                {t('compare.means', {
                  valence: signed(valence),
                  arousal: signed(arousal),
                  music: Math.round(100 * music),
                })}
              </p>
            </li>
          );
        })}
      </ul>
      <p class="compare-difference">
        {t('compare.difference', { valence: change('valence'), arousal: change('arousal') })}
      </p>
      <p class="compare-rounding">{t('compare.rounding', { step: fixed(0.01, 2) })}</p>
    </>
  );
}

interface LaneProps {
  readonly axis: Axis;
  readonly parts: readonly CurvePart[];
  /** Of the other session, drawn dashed. */
  readonly other?: readonly CurvePart[];
  /** The same for both sessions, so that they can be compared. */
  readonly reach: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** One axis since the start of the sessions. */
function Lane({ axis, parts, other, reach, toMs, stepMs }: LaneProps) {
  const points = pointsOf(parts, axis, stepMs);
  const compared = other && pointsOf(other, axis, stepMs);
  const valueAt = (ms: number) => compared?.find((point) => point.ms === ms)?.value;
  return (
    <LaneChart
      axis={axis}
      points={points}
      compared={compared}
      reach={reach}
      fromMs={0}
      toMs={toMs}
      stepMs={stepMs}
      gapMs={partGapMs(stepMs)}
      ticks={ticksOf(toMs)}
      timeText={(ms) => elapsed((ms - stepMs / 2) / 1000)}
      readingText={({ ms, value }) =>
        compared === undefined ? signed(value) : `A ${signed(value)}, B ${signed(valueAt(ms))}`
      }
    />
  );
}

const pointsOf = (parts: readonly CurvePart[], axis: Axis, stepMs: number): LanePoint[] =>
  parts.map((part) => ({ ms: part.at * 1000 + stepMs / 2, value: part[axis], low: null, high: null }));

function ticksOf(toMs: number): Tick[] {
  const seconds = toMs / 1000;
  const step = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400].find(
    (one) => seconds / one <= TICKS,
  );
  const every = step ?? Math.ceil(seconds / TICKS / 86_400) * 86_400;
  return Array.from({ length: Math.floor(seconds / every) + 1 }, (_, i) => ({
    ms: i * every * 1000,
    label: elapsed(i * every),
  }));
}
