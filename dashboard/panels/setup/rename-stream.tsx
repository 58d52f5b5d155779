import { useSignal } from '@preact/signals';
import type { StreamInfo } from '../../../src/client/index.ts';
import { client } from '../../state/client.ts';
import { t } from '../../state/i18n.ts';
import { setupHref } from '../../state/view.ts';
import { useAttempt } from '../use-load.ts';
import { NameField, serverName } from './field.tsx';
import { ErrorLine, Section } from './section.tsx';

/** The source of a stream, and a new name if it was added over the API. What the log has stays under the old name. */
export function RenameStream({ info }: { info: StreamInfo }) {
  const { stream, source, state, from } = info;
  const name = useSignal(stream);
  const attempt = useAttempt();
  const rename = async (to: string) => {
    await client.streams.rename(stream, to);
    location.hash = setupHref(to);
  };
  return (
    <Section title={t('rename.title')} hint={t('rename.source', { source })}>
      {from === 'config' && <p class="setup-hint">{t('setup.inConfig')}</p>}
      {from === undefined && state !== 'stopped' && <p class="setup-hint">{t('refused.notAdded')}</p>}
      {from === 'api' && state !== 'stopped' && (
        <form
          class="setup-form"
          onSubmit={(event) => {
            event.preventDefault();
            const to = serverName(name.peek());
            if (to !== stream) void attempt.run(() => rename(to));
          }}
        >
          <NameField required value={name} />
          <p class="setup-hint">{t('rename.hint')}</p>
          <ErrorLine text={attempt.error.value} />
          <button
            type="submit"
            class="button"
            disabled={attempt.busy.value || serverName(name.value) === stream}
          >
            {t('rename.rename')}
          </button>
        </form>
      )}
    </Section>
  );
}
