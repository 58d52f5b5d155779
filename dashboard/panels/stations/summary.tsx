import { AXES } from '../../../src/frame-fields.ts';
import { signed } from '../../state/format.ts';
import { locale, t } from '../../state/i18n.ts';
import { moodName } from '../../state/mood-name.ts';
import type { Mean } from '../../state/station.ts';

const SHOWN_MOODS = 4;

/** The means of a period in a line of figures, with those of the period before. */
export function Summary({ mean, before }: { mean: Mean; before: Mean | null }) {
  const percent = new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 0 });
  if (mean.frames === 0) return <p class="station-hint">{t('stations.nothing')}</p>;
  return (
    <dl class="station-summary">
      {AXES.map((axis) => (
        <div key={axis} data-axis={axis}>
          <dt>{t(`axis.${axis}`)}</dt>
          <dd>
            <b>{signed(mean[axis])}</b>
            {before !== null && before[axis] !== null && (
              <span>{t('stations.before', { value: signed(before[axis]) })}</span>
            )}
          </dd>
        </div>
      ))}
      <div>
        <dt>{t('stations.moods')}</dt>
        <dd>
          {mean.moods.slice(0, SHOWN_MOODS).map(([mood, share]) => (
            <span key={mood}>
              {moodName(mood)} {percent.format(share)}
            </span>
          ))}
        </dd>
      </div>
      <div>
        <dt>{t('stations.content')}</dt>
        <dd>
          {(['music', 'speech', 'silence'] as const).map((one) => (
            <span key={one}>
              {moodName(one)} {percent.format(mean[one])}
            </span>
          ))}
        </dd>
      </div>
    </dl>
  );
}
