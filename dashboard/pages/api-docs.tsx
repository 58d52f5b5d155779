import '../styles/tokens.css';
import '../styles/base.css';
import './api-docs.css';
import { useSignal } from '@preact/signals';
import { render } from 'preact';
import { useId } from 'preact/hooks';
import { Header } from '../panels/header.tsx';
import { OperationView } from '../panels/operation.tsx';
import { type Document, operationsOf } from '../state/openapi.ts';

/** The API page: all operations by tag, each with a form to try it. */
function ApiDocs({ document }: { document: Document }) {
  const token = useSignal(new URLSearchParams(location.search).get('token') ?? '');
  const tokenId = useId();
  return (
    <>
      <Header title="undertone API" tagline={document.info.version} />
      <main id="content" class="docs">
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
          <small>Only if the server requires one. This page does not store it.</small>
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

const root = document.querySelector('#app')!;
try {
  const response = await fetch(new URL('./openapi.json', document.baseURI));
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  render(<ApiDocs document={(await response.json()) as Document} />, root);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  render(<p>Cannot load /openapi.json ({reason}): check that the server is running.</p>, root);
}
