import { useSignal } from '@preact/signals';
import type { NoteVersion } from '../../src/client/index.ts';
import { client, errorMessage } from '../state/client.ts';
import { dateTimeWithYear } from '../state/dates.ts';
import { t } from '../state/i18n.ts';

export interface SessionVersionsProps {
  readonly id: string;
  /** Number of a marker of the session, as shown; undefined if it has been erased. */
  readonly numberOf: (marker: number) => number | undefined;
}

/** What the notes were before they were changed; loaded when it is opened. */
export function SessionVersions({ id, numberOf }: SessionVersionsProps) {
  const versions = useSignal<readonly NoteVersion[] | null>(null);
  const error = useSignal<string | null>(null);
  const load = async () => {
    try {
      versions.value = await client.sessions.versions(id);
    } catch (reason) {
      error.value = errorMessage(reason);
    }
  };
  return (
    <details
      class="details-versions"
      onToggle={(event) => {
        if (event.currentTarget.open) void load();
      }}
    >
      <summary>{t('versions.title')}</summary>
      {error.value !== null && <p role="alert">{error.value}</p>}
      {versions.value?.length === 0 && <p>{t('versions.none')}</p>}
      <ul>
        {versions.value?.map(({ marker, text, replacedAt }, i) => (
          <li key={i}>
            <b>
              {marker === null
                ? t('session.notes')
                : t('versions.marker', { number: numberOf(marker) ?? '' })}
            </b>{' '}
            <span>{t('versions.until', { time: dateTimeWithYear(replacedAt) })}</span>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}
