import { useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../state/i18n.ts';
import { connection } from '../state/live-connection.ts';

export interface LazyPageProps<P> {
  /** Always the same function: what it loads is there at once when the page is opened again. */
  readonly load: () => Promise<ComponentType<P>>;
  readonly props: P;
}

const loaded = new WeakMap<() => Promise<unknown>, unknown>();

/** A page that is loaded when it is opened for the first time. */
export function LazyPage<P extends object>({ load, props }: LazyPageProps<P>) {
  // In an object: a signal would take a function for a state, a component is one.
  const known = loaded.get(load) as ComponentType<P> | undefined;
  const page = useSignal<{ readonly Page: ComponentType<P> } | 'loading' | 'failed'>(
    known === undefined ? 'loading' : { Page: known },
  );
  const attempt = () => {
    page.value = 'loading';
    load()
      .then(async (Page) => {
        await reloadStyles();
        loaded.set(load, Page);
        page.value = { Page };
      })
      .catch(() => {
        page.value = 'failed';
      });
  };
  useEffect(() => {
    if (known === undefined) attempt();
  }, []);
  useSignalEffect(() => {
    if (connection.value.state === 'open' && page.peek() === 'failed') attempt();
  });
  if (page.value === 'loading')
    return (
      <main id="content" aria-busy="true" tabIndex={-1}>
        <p class="page-loading">{t('page.loading')}</p>
      </main>
    );
  if (page.value === 'failed')
    return (
      <main id="content" tabIndex={-1}>
        <p role="alert">{t('page.loadFailed')}</p>
        <button type="button" class="button" onClick={attempt}>
          {t('action.tryAgain')}
        </button>
      </main>
    );
  const { Page } = page.value;
  return <Page {...props} />;
}

/** Loads style sheets that failed before: Vite requests each once only, and the page would have no styles. */
async function reloadStyles(): Promise<void> {
  const links = document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]');
  await Promise.all(
    [...links]
      .filter(({ sheet }) => sheet === null)
      .map(
        (link) =>
          new Promise((resolve, reject) => {
            const again = link.cloneNode() as HTMLLinkElement;
            again.addEventListener('load', resolve);
            again.addEventListener('error', reject);
            link.replaceWith(again);
          }),
      ),
  );
}
