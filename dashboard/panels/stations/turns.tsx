import type { Turn } from '../../../src/types.ts';
import { dateTime } from '../../state/dates.ts';
import { fixed, signed } from '../../state/format.ts';
import { t } from '../../state/i18n.ts';
import { momentHref } from '../../state/view.ts';

/** Steps that the live chart shows around a turn. */
const STEPS_SHOWN = 12;

export interface TurnsProps {
  readonly stream: string;
  readonly turns: readonly Turn[];
  /** Length of the steps between which it turned. */
  readonly stepMs: number;
}

/** Where the emotion turned most, strongest first, with links to the chart at that time. */
export function Turns({ stream, turns, stepMs }: TurnsProps) {
  return (
    <section class="station-panel" aria-labelledby="turns-head">
      <h3 id="turns-head">{t('stations.turns')}</h3>
      {turns.length === 0 ? (
        <p class="station-hint">{t('stations.noTurns')}</p>
      ) : (
        <table class="data-table turns-table">
          <thead>
            <tr>
              <th scope="col">{t('table.time')}</th>
              <th scope="col">{t('axis.valence')}</th>
              <th scope="col">{t('axis.arousal')}</th>
              <th scope="col">{t('stations.distance')}</th>
            </tr>
          </thead>
          <tbody>
            {turns.map(({ time, before, after, distance }) => (
              <tr key={time}>
                <td>
                  <a href={momentHref(stream, Date.parse(time) / 1000, (STEPS_SHOWN * stepMs) / 1000)}>
                    {dateTime(time)}
                  </a>
                </td>
                <td>
                  {signed(before.valence!)} → {signed(after.valence!)}
                </td>
                <td>
                  {signed(before.arousal!)} → {signed(after.arousal!)}
                </td>
                <td>{fixed(distance, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
