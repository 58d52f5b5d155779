import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { AXES, type Axis } from '../../../src/frame-fields.ts';
import type { LanePoint } from '../../draw/lane.ts';
import { signed } from '../../state/format.ts';
import { t } from '../../state/i18n.ts';
import { HOUR_MS, type Mean } from '../../state/station.ts';
import { setTarget, targetOf } from '../../state/station-target.ts';
import { LaneChart } from './lane-chart.tsx';

export interface ProfileChartProps {
  readonly stream: string;
  /** Means by hour of the day: of the last seven days, and of the seven before. */
  readonly now: readonly Mean[];
  readonly before: readonly Mean[];
}

const TICKS = [0, 3, 6, 9, 12, 15, 18, 21].map((hour) => ({ ms: hour * HOUR_MS, label: `${hour}:00` }));

/** The usual day: each hour of the last week, against the week before or a target. */
export function ProfileChart({ stream, now, before }: ProfileChartProps) {
  const against = useSignal<'before' | 'target'>('before');
  const target = targetOf(stream);
  const id = useId();
  const withTarget = against.value === 'target';
  return (
    <section class="station-panel" aria-labelledby={`${id}-head`}>
      <div class="station-panel-head">
        <h3 id={`${id}-head`}>{t('stations.profile')}</h3>
        <select
          class="text-input"
          aria-label={t('stations.against')}
          value={against.value}
          onChange={(event) => {
            against.value = event.currentTarget.value as 'before' | 'target';
          }}
        >
          <option value="before">{t('stations.againstWeek')}</option>
          <option value="target">{t('stations.againstTarget')}</option>
        </select>
      </div>
      {withTarget && (
        <div class="station-target">
          {AXES.map((axis) => (
            <label key={axis}>
              {t(`axis.${axis}`)}
              <input
                type="range"
                min={-1}
                max={1}
                step={0.05}
                value={target[axis]}
                aria-valuetext={signed(target[axis])}
                onInput={(event) =>
                  setTarget(stream, { ...target, [axis]: Number(event.currentTarget.value) })
                }
              />
              <output>{signed(target[axis])}</output>
            </label>
          ))}
        </div>
      )}
      {!withTarget && before.every(({ frames }) => frames === 0) && (
        <p class="station-hint">{t('stations.noWeekBefore')}</p>
      )}
      {AXES.map((axis) => (
        <LaneChart
          key={axis}
          axis={axis}
          points={pointsOf(now, axis)}
          compared={withTarget ? undefined : pointsOf(before, axis)}
          target={withTarget ? target[axis] : null}
          fromMs={0}
          toMs={24 * HOUR_MS}
          stepMs={HOUR_MS}
          ticks={TICKS}
          timeText={(ms) => `${Math.floor(ms / HOUR_MS)}:00`}
        />
      ))}
      <details class="station-table">
        <summary>{t('table.show')}</summary>
        <table class="data-table">
          <thead>
            <tr>
              <th scope="col">{t('table.hour')}</th>
              <th scope="col">{t('axis.valence')}</th>
              <th scope="col">{t(withTarget ? 'stations.toTarget' : 'stations.weekBefore')}</th>
              <th scope="col">{t('axis.arousal')}</th>
              <th scope="col">{t(withTarget ? 'stations.toTarget' : 'stations.weekBefore')}</th>
            </tr>
          </thead>
          <tbody>
            {now.map((mean, hour) => (
              <tr key={hour}>
                <th scope="row">{hour}:00</th>
                {AXES.map((axis) => [
                  <td key={axis}>{signed(mean[axis])}</td>,
                  <td key={`${axis} other`}>
                    {withTarget
                      ? signed(mean[axis] === null ? null : mean[axis] - target[axis])
                      : signed(before[hour]![axis])}
                  </td>,
                ])}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

const pointsOf = (means: readonly Mean[], axis: Axis): LanePoint[] =>
  means.map((mean, hour) => ({ ms: (hour + 0.5) * HOUR_MS, value: mean[axis], low: null, high: null }));
