import './access-page.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../state/i18n.ts';
import type { Refused } from '../state/live-connection.ts';
import { enterToken } from '../state/token.ts';

/** The server refused the connection: why, and the field for a token if one may help. */
export function AccessPage({ refused }: { refused: Refused }) {
  const token = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  if (!refused.needsToken)
    return (
      <main id="content" class="access" tabIndex={-1}>
        <h2>{t('access.noConnection')}</h2>
        <p role="alert">{refused.message}</p>
        <button type="button" class="button" onClick={() => location.reload()}>
          {t('action.tryAgain')}
        </button>
      </main>
    );
  return (
    <main id="content" class="access" tabIndex={-1}>
      <h2>{t('access.title')}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (token.peek() !== '') enterToken(token.peek());
        }}
      >
        <p id="access-why" role="alert">
          {refused.message}
        </p>
        <label for="access-token">{t('tokens.token')}</label>
        <div class="access-row">
          <input
            id="access-token"
            ref={input}
            class="text-input"
            type="password"
            autocomplete="current-password"
            spellcheck={false}
            required
            aria-describedby="access-why access-help"
            onInput={(event) => {
              token.value = event.currentTarget.value.trim();
            }}
          />
          <button type="submit" class="button button-primary">
            {t('action.open')}
          </button>
        </div>
        <p id="access-help" class="access-help">
          {t('access.help')} <code>undertone token create --name wall-display</code>
        </p>
      </form>
    </main>
  );
}
