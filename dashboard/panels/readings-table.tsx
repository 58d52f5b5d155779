import type { ComponentChildren } from 'preact';
import { signed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { moodName } from '../state/mood-name.ts';

/** The means of a stretch of time. */
export interface Reading {
  readonly key: string | number;
  /** When it begins. */
  readonly from: ComponentChildren;
  /** A mood or an activity. */
  readonly word: string;
  readonly valence: number | null;
  readonly arousal: number | null;
}

/** The numbers behind a curve, in rows. */
export function ReadingsTable({ readings }: { readonly readings: readonly Reading[] }) {
  return (
    <table class="data-table">
      <thead>
        <tr>
          <th scope="col">{t('table.from')}</th>
          <th scope="col">{t('table.mood')}</th>
          <th scope="col">{t('axis.valence')}</th>
          <th scope="col">{t('axis.arousal')}</th>
        </tr>
      </thead>
      <tbody>
        {readings.map(({ key, from, word, valence, arousal }) => (
          <tr key={key}>
            <td>{from}</td>
            <td>{moodName(word)}</td>
            <td>{signed(valence)}</td>
            <td>{signed(arousal)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
