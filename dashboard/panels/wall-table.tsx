import { signed } from '../state/format.ts';
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
          <th scope="col">Stream</th>
          <th scope="col">Mood or state</th>
          <th scope="col">Valence</th>
          <th scope="col">Arousal</th>
          <th scope="col">Alert</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const record = records.get(name);
          if (record === undefined) return null;
          const { word, inactive } = statusOf(record, performance.now());
          return (
            <tr key={name}>
              <th scope="row">
                <a href={streamHref(name)}>{name}</a>
              </th>
              <td>{word}</td>
              <td>{signed(inactive ? null : record.last?.valence)}</td>
              <td>{signed(inactive ? null : record.last?.arousal)}</td>
              <td>{record.alerts.at(-1)?.message ?? ''}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
