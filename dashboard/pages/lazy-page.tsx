import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../state/i18n.ts';

export interface LazyPageProps<P> {
  readonly load: () => Promise<ComponentType<P>>;
  readonly props: P;
}

/** A page that is loaded when it is opened for the first time. */
export function LazyPage<P extends object>({ load, props }: LazyPageProps<P>) {
  // In an object: a signal would take a function for a state, a component is one.
  const page = useSignal<{ readonly Page: ComponentType<P> } | 'loading' | 'failed'>('loading');
  const attempt = () => {
    page.value = 'loading';
    load()
      .then((Page) => {
        page.value = { Page };
      })
      .catch(() => {
        page.value = 'failed';
      });
  };
  useEffect(attempt, []);
  if (page.value === 'loading') return <main id="content" aria-busy="true" tabIndex={-1} />;
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
