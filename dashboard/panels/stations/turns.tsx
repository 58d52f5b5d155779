import type { Turn } from '../../../src/types.ts';
import { dateTime } from '../../state/dates.ts';
import { fixed, signed } from '../../state/format.ts';
import { t } from '../../state/i18n.ts';

/** Where the emotion turned most, strongest first. */
export function Turns({ turns }: { turns: readonly Turn[] }) {
  return (
    <section class="station-panel" aria-labelledby="turns-head">
      <h3 id="turns-head">{t('stations.turns')}</h3>
      {turns.length === 0 ? (
        <p class="station-hint">{t('stations.noTurns')}</p>
      ) : (
        <table class="data-table">
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
                <td>{dateTime(time)}</td>
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
