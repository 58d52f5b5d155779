import { alertText } from '../state/event-text.ts';
import { signed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { statusOf } from '../state/stream-status.ts';
import { records, updates } from '../state/streams.ts';
import { streamHref } from '../state/view.ts';

/** The wall's values in rows. */
export function WallTable({ names }: { readonly names: readonly string[] }) {
  updates.value;
  return (
    <table class="wall-table">
      <thead>
        <tr>
          <th scope="col">{t('server.stream')}</th>
          <th scope="col">{t('wall.moodOrState')}</th>
          <th scope="col">{t('axis.valence')}</th>
          <th scope="col">{t('axis.arousal')}</th>
          <th scope="col">{t('event.alert-raised')}</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const record = records.get(name);
          if (record === undefined) return null;
          const { word, inactive } = statusOf(record);
          const alert = record.alerts.at(-1);
          return (
            <tr key={name} data-stream={name}>
              <th scope="row">
                <a href={streamHref(name)}>{name}</a>
              </th>
              <td>{word}</td>
              <td>{signed(inactive ? null : record.last?.valence)}</td>
              <td>{signed(inactive ? null : record.last?.arousal)}</td>
              <td>{alert === undefined ? '' : alertText(alert)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
