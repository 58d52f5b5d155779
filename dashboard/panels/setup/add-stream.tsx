import './add-stream.css';
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { SourceKinds } from '../../../src/client/index.ts';
import { client } from '../../state/client.ts';
import { language, t } from '../../state/i18n.ts';
import { suggestName } from '../../state/source-uri.ts';
import { streamHref } from '../../state/view.ts';
import { type Preloaded, useAttempt, useLoad } from '../use-load.ts';
import { DeviceChoice } from './device-choice.tsx';
import { NameField, serverName, TextField } from './field.tsx';
import { ErrorLine } from './section.tsx';
import { SOURCE_HELP } from './source-help.ts';

type Kind = SourceKinds['sources'][number];

export interface AddStreamProps {
  readonly first: Preloaded<SourceKinds>;
  readonly onAdded: (name: string) => void;
}

/** What a person calls this kind of source; its usage, if the page has no name for it. */
function titleOf({ schemes, usage }: Kind): string {
  const help = SOURCE_HELP[schemes[0]!];
  return help === undefined ? usage : t(help.title);
}

/** The form for a new stream: a kind of source, its address, and a name. */
export function AddStream({ first, onAdded }: AddStreamProps) {
  const kinds = useLoad(() => client.inputs.sources(), [], first);
  const scheme = useSignal('');
  const uri = useSignal('');
  const name = useSignal('');
  /** The name follows the address until somebody types one. */
  const named = useSignal(false);
  const attempt = useAttempt();
  /** The stream that was added last, until another is begun. */
  const added = useSignal<string | null>(null);
  const watch = useRef<HTMLAnchorElement>(null);
  // The button that was pressed is gone, and the list above may be out of view.
  useEffect(() => watch.current?.focus(), [added.value]);
  const hintId = useId();
  const { sources = [], folders = [] } = kinds.value.value ?? {};
  const kind = sources.find(({ schemes }) => schemes[0] === scheme.value);
  const setUri = (to: string) => {
    uri.value = to;
    if (!named.peek()) name.value = suggestName(to, language());
  };
  const choose = ({ schemes }: Kind) => {
    added.value = null;
    scheme.value = schemes[0]!;
    setUri(schemes[0] === 'demo' ? 'demo:' : schemes[0] === 'soundcard' ? 'soundcard:' : '');
  };
  const help = SOURCE_HELP[scheme.value];
  return (
    <form
      class="setup-form"
      onSubmit={(event) => {
        event.preventDefault();
        const [source, stream] = [uri.peek().trim(), serverName(name.peek())];
        void attempt
          .run(() => client.streams.add({ name: stream, source }))
          .then((done) => {
            if (!done) return;
            added.value = stream;
            scheme.value = '';
            name.value = '';
            named.value = false;
            onAdded(stream);
          });
      }}
    >
      <ErrorLine text={kinds.error.value} />
      <fieldset class="setup-kinds">
        <legend>{t('setup.kind')}</legend>
        {sources.map((one) => (
          <label key={one.schemes[0]} class="setup-kind" data-allowed={one.allowed}>
            <input
              type="radio"
              name="source-kind"
              checked={one.schemes[0] === scheme.value}
              disabled={!one.allowed}
              onChange={() => choose(one)}
            />
            <span>{titleOf(one)}</span>
          </label>
        ))}
      </fieldset>
      {sources.some(({ allowed }) => !allowed) && (
        <p class="setup-hint">
          {t('setup.notAllowed', {
            kinds: sources
              .filter(({ allowed }) => !allowed)
              .map(titleOf)
              .join(', '),
          })}
        </p>
      )}
      {kind !== undefined && (
        <>
          {scheme.value === 'soundcard' ? (
            <DeviceChoice onChange={setUri} />
          ) : (
            <TextField
              label={t('setup.address')}
              required
              spellcheck={false}
              placeholder={help?.example ?? kind.usage}
              aria-describedby={hintId}
              value={uri}
              onInput={setUri}
            />
          )}
          <p class="setup-hint" id={hintId}>
            {help === undefined
              ? t('source.otherHint', { usage: kind.usage })
              : t(help.hint, { folders: folders.join(', ') })}
          </p>
          <NameField
            required
            spellcheck={false}
            hint={t('setup.nameForm')}
            value={name}
            onInput={(text) => {
              named.value = true;
              name.value = text;
            }}
          />
          <ErrorLine text={attempt.error.value} />
          <button type="submit" class="button button-primary" disabled={attempt.busy.value}>
            {attempt.busy.value ? t('setup.starting') : t('setup.addStream')}
          </button>
        </>
      )}
      {added.value !== null && (
        <p>
          {t('setup.added', { stream: added.value })}{' '}
          <a ref={watch} href={streamHref(added.value)}>
            {t('action.watch')}
            <span class="visually-hidden"> {added.value}</span>
          </a>
        </p>
      )}
    </form>
  );
}
