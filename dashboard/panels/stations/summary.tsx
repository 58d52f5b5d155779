import './summary.css';
import { ACTIVITIES, AXES } from '../../../src/frame-fields.ts';
import { signed } from '../../state/format.ts';
import { locale, t } from '../../state/i18n.ts';
import { moodName } from '../../state/mood-name.ts';
import type { Mean } from '../../state/station.ts';
import { SteadyText } from '../steady-text.tsx';

const SHOWN_MOODS = 4;

export interface SummaryProps {
  readonly mean: Mean;
  /** Of the time that it is compared with. */
  readonly before: Mean | null;
  /** Which time that is. */
  readonly beforeText: 'stations.before' | 'stations.weekEarlier';
}

/** The means of a period in a line of figures, with those of an earlier one. */
export function Summary({ mean, before, beforeText }: SummaryProps) {
  const percent = new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 0 });
  const none = mean.frames === 0;
  // Always as many places, each as wide as any of its texts: another period moves nothing.
  const moods = Array.from({ length: SHOWN_MOODS }, (_, i) => mean.moods[i]);
  return (
    <dl class="station-summary">
      {AXES.map((axis) => (
        <div key={axis} data-axis={axis}>
          <dt>{t(`axis.${axis}`)}</dt>
          <dd>
            <b>{signed(mean[axis])}</b>
            <SteadyText texts={[t(beforeText, { value: signed(0.5) })]}>
              {before !== null && before[axis] !== null && t(beforeText, { value: signed(before[axis]) })}
            </SteadyText>
          </dd>
        </div>
      ))}
      <div class="station-shares">
        <dt>{t('stations.moods')}</dt>
        <dd>
          {moods.map((share, i) => (
            <span key={i}>{share !== undefined && `${moodName(share[0])} ${percent.format(share[1])}`}</span>
          ))}
        </dd>
      </div>
      <div class="station-shares">
        <dt>{t('stations.content')}</dt>
        <dd>
          {none ? (
            <span class="station-hint">{t('stations.nothing')}</span>
          ) : (
            ACTIVITIES.map((one) => (
              <span key={one}>
                {moodName(one)} {percent.format(mean[one])}
              </span>
            ))
          )}
        </dd>
      </div>
    </dl>
  );
}
