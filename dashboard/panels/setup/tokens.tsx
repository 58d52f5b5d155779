import './tokens.css';
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { MadeToken, NewToken, TokenInfo, TokenList } from '../../../src/client/index.ts';
import { client } from '../../state/client.ts';
import { dateTime } from '../../state/dates.ts';
import { t } from '../../state/i18n.ts';
import { enterToken } from '../../state/token.ts';
import { ConfirmButton, useConfirm } from '../confirm-button.tsx';
import { type Preloaded, useAttempt, useLoad } from '../use-load.ts';
import { SelectField, TextField } from './field.tsx';
import { ErrorLine, Section } from './section.tsx';

const SCOPES = ['watch', 'send', 'manage'] as const;
type Scope = (typeof SCOPES)[number];
const LIFETIMES = ['', '1d', '30d', '365d'] as const;

/** Who may use this server: the tokens, and the form for another, which is shown once. */
export function TokenSettings({ first }: { first: Preloaded<TokenList> }) {
  const list = useLoad(() => client.tokens.list(), [], first);
  const made = useSignal<MadeToken | null>(null);
  const known = list.value.value;
  const { tokens = [] } = known ?? {};
  const hint = known === null ? undefined : t(known.required ? 'tokens.required' : 'tokens.notRequired');
  return (
    <Section title={t('tokens.title')} hint={hint}>
      <ErrorLine text={list.error.value} />
      {tokens.length > 0 && (
        <ul class="setup-list">
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} onChange={list.reload} />
          ))}
        </ul>
      )}
      {made.value !== null && <NewlyMade made={made.value} />}
      {known !== null && (
        <MakeToken
          onMade={(token) => {
            made.value = token;
            list.reload();
          }}
        />
      )}
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
  const lifetime = useSignal<(typeof LIFETIMES)[number]>('');
  const attempt = useAttempt();
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
        <TextField label={t('tokens.for')} required maxLength={64} value={name} />
        <SelectField
          label={t('tokens.may')}
          value={scope}
          options={SCOPES.map((one) => [one, t(`tokens.scope.${one}`)])}
        />
        <SelectField
          label={t('tokens.lifetime')}
          value={lifetime}
          options={LIFETIMES.map((one) => [
            one,
            one === '' ? t('tokens.noExpiry') : t('tokens.days', { count: Number.parseInt(one, 10) }),
          ])}
        />
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
  return (
    <details class="setup-history">
      <summary>{t('tokens.enterAnother')}</summary>
      <form
        class="setup-form"
        onSubmit={(event) => {
          event.preventDefault();
          const entered = token.peek().trim();
          if (entered !== '') enterToken(entered);
        }}
      >
        <TextField
          label={t('tokens.token')}
          type="password"
          autocomplete="current-password"
          required
          value={token}
        />
        <button type="submit" class="button">
          {t('action.open')}
        </button>
      </form>
    </details>
  );
}
