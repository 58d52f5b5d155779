import type { TrackSummary } from '../../../src/types.ts';
import { dateTime } from '../../state/dates.ts';
import { elapsed, signed } from '../../state/format.ts';
import { t } from '../../state/i18n.ts';
import { titleName } from '../../state/title-mark.ts';
import { momentHref } from '../../state/view.ts';

export interface TracksProps {
  readonly stream: string;
  readonly tracks: readonly TrackSummary[];
}

/** Shortest span that the live chart shows around a title, in seconds. */
const LEAST_SPAN = 60;

/** The titles that the station announced, with the mean of each; nothing if it announces none. */
export function Tracks({ stream, tracks }: TracksProps) {
  if (tracks.length === 0) return null;
  return (
    <section class="station-panel" aria-labelledby="tracks-head">
      <h3 id="tracks-head">{t('stations.tracks')}</h3>
      {/* Focusable, so that the keyboard can scroll it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section class="station-scroll" aria-label={t('stations.trackTable')} tabIndex={0}>
        <table class="data-table tracks-table">
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
                <td>
                  <a
                    href={momentHref(
                      stream,
                      Date.parse(startedAt) / 1000 + seconds / 2,
                      Math.max(LEAST_SPAN, 1.25 * seconds),
                    )}
                  >
                    {dateTime(startedAt)}
                  </a>
                </td>
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
