import './heat-map.css';
import { useSignal } from '@preact/signals';
import type { Axis } from '../../../src/frame-fields.ts';
import { weekday } from '../../state/dates.ts';
import { signed } from '../../state/format.ts';
import { t } from '../../state/i18n.ts';
import type { Mean } from '../../state/station.ts';

/** What an hour of a weekday is usually like: a table whose cells are colored. */
export function HeatMap({ cells }: { cells: readonly (readonly Mean[])[] }) {
  const axis = useSignal<Axis>('arousal');
  return (
    <section class="station-panel heat-panel" aria-labelledby="heat-head">
      <div class="station-panel-head">
        <h3 id="heat-head">{t('stations.heat')}</h3>
        <fieldset class="window-choice">
          <legend class="visually-hidden">{t('stations.axis')}</legend>
          {(['arousal', 'valence'] as const).map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="heat-axis"
                class="visually-hidden"
                checked={axis.value === one}
                onChange={() => {
                  axis.value = one;
                }}
              />
              <span>{t(`axis.${one}`)}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <p class="station-hint">{t('stations.heatHint')}</p>
      {/* Focusable, so that the keyboard can scroll it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section class="heat-scroll" aria-label={t('stations.heatHint')} tabIndex={0}>
        <table class="heat" data-axis={axis.value}>
          <thead>
            <tr>
              <td />
              {Array.from({ length: 24 }, (_, hour) => (
                <th key={hour} scope="col">
                  {hour}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cells.map((hours, day) => (
              <tr key={day}>
                <th scope="row">{weekday(day)}</th>
                {hours.map((mean, hour) => {
                  const value = mean[axis.value];
                  return (
                    <td
                      key={hour}
                      data-side={value === null ? 'none' : value < 0 ? 'low' : 'high'}
                      style={{ '--strength': Math.min(1, Math.abs(value ?? 0) / 0.6) }}
                      title={`${weekday(day)} ${hour}:00 ${signed(value)}`}
                    >
                      <span>{value === null ? '' : signed(value)}</span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
