import type { TrackSummary } from '../../../src/types.ts';
import { dateTime } from '../../state/dates.ts';
import { elapsed, signed } from '../../state/format.ts';
import { t } from '../../state/i18n.ts';
import { titleName } from '../../state/title-name.ts';

/** The titles that the station announced, with the mean of each; nothing if it announces none. */
export function Tracks({ tracks }: { tracks: readonly TrackSummary[] }) {
  if (tracks.length === 0) return null;
  return (
    <section class="station-panel" aria-labelledby="tracks-head">
      <h3 id="tracks-head">{t('stations.tracks')}</h3>
      {/* Focusable, so that the keyboard can scroll it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section class="station-scroll" aria-label={t('stations.trackTable')} tabIndex={0}>
        <table class="data-table">
          <thead>
            <tr>
              <th scope="col">{t('table.time')}</th>
              <th scope="col">{t('stations.title')}</th>
              <th scope="col">{t('table.length')}</th>
              <th scope="col">{t('axis.valence')}</th>
              <th scope="col">{t('axis.arousal')}</th>
            </tr>
          </thead>
          <tbody>
            {tracks.map(({ title, artist, startedAt, seconds, valence, arousal }) => (
              <tr key={startedAt}>
                <td>{dateTime(startedAt)}</td>
                <td>{titleName(title, artist)}</td>
                <td>{elapsed(seconds)}</td>
                <td>{signed(valence)}</td>
                <td>{signed(arousal)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
