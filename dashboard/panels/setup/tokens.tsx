import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { MadeToken, NewToken, TokenInfo, TokenList } from '../../../src/client/index.ts';
import { client } from '../../state/client.ts';
import { dateTime } from '../../state/dates.ts';
import { t } from '../../state/i18n.ts';
import { enterToken } from '../../state/token.ts';
import { ConfirmButton, useConfirm } from '../confirm-button.tsx';
import { type Preloaded, useAttempt, useLoad } from '../use-load.ts';
import { ErrorLine, Section } from './section.tsx';

const SCOPES = ['watch', 'send', 'manage'] as const;
type Scope = (typeof SCOPES)[number];
const LIFETIMES = ['', '1d', '30d', '365d'] as const;

/** Who may use this server: the tokens, and the form for another, which is shown once. */
export function TokenSettings({ first }: { first: Preloaded<TokenList> }) {
  const list = useLoad(() => client.tokens.list(), [], first);
  const made = useSignal<MadeToken | null>(null);
  const { tokens = [], required = false } = list.value.value ?? {};
  return (
    <Section title={t('tokens.title')} hint={t(required ? 'tokens.required' : 'tokens.notRequired')}>
      <ErrorLine text={list.error.value} />
      {tokens.length > 0 && (
        <ul class="setup-list">
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onChange={list.reload} />
          ))}
        </ul>
      )}
      {made.value !== null && <NewlyMade made={made.value} />}
      <MakeToken
        onMade={(token) => {
          made.value = token;
          list.reload();
        }}
      />
      <EnterToken />
    </Section>
  );
}

function TokenRow({ token, onChange }: { token: TokenInfo; onChange: () => void }) {
  const attempt = useAttempt();
  const revoke = useConfirm(
    () =>
      void attempt.run(async () => {
        await client.tokens.revoke(token.id);
        onChange();
      }),
  );
  return (
    <li class="setup-row">
      <div class="setup-row-text">
        <b>{token.name}</b>
        <span class="setup-source">{token.scopes.map((scope) => t(`tokens.scope.${scope}`)).join(', ')}</span>
        <span class="setup-source">
          {token.expires === null
            ? t('tokens.noExpiry')
            : t('tokens.expires', { when: dateTime(token.expires) })}
          {' · '}
          {token.lastUsed === null
            ? t('tokens.neverUsed')
            : t('tokens.lastUsed', { when: dateTime(token.lastUsed) })}
        </span>
        <ErrorLine text={attempt.error.value} />
      </div>
      <div class="setup-row-actions">
        <ConfirmButton
          confirm={revoke}
          text={t('tokens.revoke')}
          confirmText={t('tokens.revokeNow')}
          object={token.name}
        />
      </div>
    </li>
  );
}

/** The token, this once. */
function NewlyMade({ made }: { made: MadeToken }) {
  const copied = useSignal(false);
  const id = useId();
  return (
    <div class="setup-token" role="status">
      <label for={id}>{t('tokens.made', { name: made.name })}</label>
      <div class="setup-token-row">
        <input
          id={id}
          class="text-input"
          type="text"
          readOnly
          value={made.token}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button
          type="button"
          class="button"
          onClick={() =>
            void navigator.clipboard.writeText(made.token).then(() => {
              copied.value = true;
            })
          }
        >
          {t(copied.value ? 'action.copied' : 'action.copy')}
        </button>
      </div>
    </div>
  );
}

function MakeToken({ onMade }: { onMade: (token: MadeToken) => void }) {
  const name = useSignal('');
  const scope = useSignal<Scope>('watch');
  const lifetime = useSignal<string>('');
  const attempt = useAttempt();
  const ids = { name: useId(), scope: useId(), lifetime: useId() };
  return (
    <form
      class="setup-form"
      onSubmit={(event) => {
        event.preventDefault();
        const token: NewToken = {
          name: name.peek().trim(),
          scopes: [scope.peek()],
          ...(lifetime.peek() !== '' && { expires: lifetime.peek() }),
        };
        void attempt.run(async () => {
          onMade(await client.tokens.make(token));
          name.value = '';
        });
      }}
    >
      <div class="setup-fields">
        <div class="setup-field">
          <label for={ids.name}>{t('tokens.for')}</label>
          <input
            id={ids.name}
            class="text-input"
            type="text"
            required
            maxLength={64}
            autocomplete="off"
            value={name.value}
            onInput={(event) => {
              name.value = event.currentTarget.value;
            }}
          />
        </div>
        <div class="setup-field">
          <label for={ids.scope}>{t('tokens.may')}</label>
          <select
            id={ids.scope}
            class="text-input"
            value={scope.value}
            onChange={(event) => {
              scope.value = event.currentTarget.value as Scope;
            }}
          >
            {SCOPES.map((one) => (
              <option key={one} value={one}>
                {t(`tokens.scope.${one}`)}
              </option>
            ))}
          </select>
        </div>
        <div class="setup-field">
          <label for={ids.lifetime}>{t('tokens.lifetime')}</label>
          <select
            id={ids.lifetime}
            class="text-input"
            value={lifetime.value}
            onChange={(event) => {
              lifetime.value = event.currentTarget.value;
            }}
          >
            {LIFETIMES.map((one) => (
              <option key={one} value={one}>
                {one === '' ? t('tokens.noExpiry') : t('tokens.days', { count: Number.parseInt(one, 10) })}
              </option>
            ))}
          </select>
        </div>
      </div>
      <ErrorLine text={attempt.error.value} />
      <button type="submit" class="button" disabled={attempt.busy.value}>
        {t('tokens.make')}
      </button>
    </form>
  );
}

/** Another token for this page. */
function EnterToken() {
  const token = useSignal('');
  const id = useId();
  return (
    <details class="setup-history">
      <summary>{t('tokens.enterAnother')}</summary>
      <form
        class="setup-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (token.peek() !== '') enterToken(token.peek());
        }}
      >
        <div class="setup-field">
          <label for={id}>{t('tokens.token')}</label>
          <input
            id={id}
            class="text-input"
            type="password"
            autocomplete="current-password"
            required
            onInput={(event) => {
              token.value = event.currentTarget.value.trim();
            }}
          />
        </div>
        <button type="submit" class="button">
          {t('action.open')}
        </button>
      </form>
    </details>
  );
}
