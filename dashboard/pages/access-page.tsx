import './access-page.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
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
        <h2>No connection</h2>
        <p role="alert">{refused.message}</p>
        <button type="button" class="button" onClick={() => location.reload()}>
          Try again
        </button>
      </main>
    );
  return (
    <main id="content" class="access" tabIndex={-1}>
      <h2>Access needed: enter a token</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (token.peek() !== '') enterToken(token.peek());
        }}
      >
        <p id="access-why" role="alert">
          {refused.message}
        </p>
        <label for="access-token">Token</label>
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
            Open
          </button>
        </div>
        <p id="access-help" class="access-help">
          Whoever runs the server makes one with <code>undertone token create --name wall-display</code>. This
          page keeps it until you close the tab.
        </p>
      </form>
    </main>
  );
}
