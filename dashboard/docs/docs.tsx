import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { ThemeToggle } from '../view/theme-toggle.tsx';
import { type Document, operationsOf } from './openapi.ts';
import { OperationView } from './operation.tsx';

/** All operations by their tags. */
export function Docs({ document }: { document: Document }) {
  const token = useSignal(new URLSearchParams(location.search).get('token') ?? '');
  const tokenId = useId();
  return (
    <>
      <header class="header">
        <h1 class="brand">undertone API</h1>
        <p class="tagline">{document.info.version}</p>
        <ThemeToggle />
      </header>
      <main class="docs">
        <p>{document.info.description}</p>
        <p>
          <a href="./">Dashboard</a> · <a href="./openapi.json">openapi.json</a>
        </p>
        <div class="field token">
          <label for={tokenId}>Token</label>
          <input
            id={tokenId}
            type="password"
            autocomplete="off"
            value={token.value}
            onInput={(event) => {
              token.value = event.currentTarget.value.trim();
            }}
          />
          <small>Only where the server demands one. It is kept nowhere.</small>
        </div>
        {document.tags.map(({ name, description }) => (
          <section key={name} aria-labelledby={`tag-${name}`}>
            <h2 id={`tag-${name}`}>{name}</h2>
            <p class="hint">{description}</p>
            {operationsOf(document, name).map((operation) => (
              <OperationView
                key={`${operation.method} ${operation.path}`}
                document={document}
                operation={operation}
                token={token.value}
              />
            ))}
          </section>
        ))}
      </main>
    </>
  );
}
