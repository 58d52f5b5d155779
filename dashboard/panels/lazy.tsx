import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';

export interface LazyProps {
  /** Imports the page; the browser loads its code once. */
  readonly load: () => Promise<ComponentType>;
}

/** A page whose code is loaded when it is opened. */
export function Lazy({ load }: LazyProps) {
  const page = useSignal<{ readonly Page: ComponentType } | 'loading' | 'failed'>('loading');
  useEffect(() => {
    let mounted = true;
    load()
      .then((Page) => {
        if (mounted) page.value = { Page };
      })
      .catch(() => {
        if (mounted) page.value = 'failed';
      });
    return () => {
      mounted = false;
    };
  }, [load]);
  const now = page.value;
  if (typeof now === 'object') return <now.Page />;
  return (
    <main id="content" tabIndex={-1}>
      {now === 'failed' && (
        <p role="alert">This page could not be loaded: reload it when the server is back.</p>
      )}
    </main>
  );
}
