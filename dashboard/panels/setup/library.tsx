import { useSignal } from '@preact/signals';
import { client, errorMessage } from '../../state/client.ts';
import { t } from '../../state/i18n.ts';
import { Section } from './section.tsx';

/** How many tracks the library has, and how to add more. Asked when it is opened: not every server has a library. */
export function LibrarySettings() {
  const status = useSignal('');
  const load = async () => {
    status.value = t('page.loading');
    try {
      status.value = t('library.tracks', { count: (await client.library.list({ limit: 1 })).total });
    } catch (error) {
      status.value = errorMessage(error);
    }
  };
  return (
    <Section title={t('library.title')}>
      <details
        class="setup-history"
        onToggle={(event) => {
          if (event.currentTarget.open) void load();
        }}
      >
        <summary>{t('library.show')}</summary>
        <p role="status">{status.value}</p>
      </details>
      <p class="setup-hint">
        {t('library.add')} <code>undertone library add</code>
      </p>
    </Section>
  );
}
