import './spectrogram.css';
import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { t } from '../state/i18n.ts';

/** Shows the mel spectrogram below the chart on demand: it is loaded, and sent by the server, only while it is open. */
export function SpectrogramToggle() {
  const open = useSignal(false);
  // In an object: a signal would take a function for a state, a component is one.
  const loaded = useSignal<{ readonly Panel: ComponentType } | 'failed' | null>(null);
  const toggle = () => {
    open.value = !open.value;
    if (!open.value || (loaded.value !== null && loaded.value !== 'failed')) return;
    loaded.value = null;
    import('./spectrogram.tsx')
      .then(({ Spectrogram }) => {
        loaded.value = { Panel: Spectrogram };
      })
      .catch(() => {
        loaded.value = 'failed';
      });
  };
  const now = loaded.value;
  return (
    <section class="spectrogram" aria-labelledby="spectrogram-head">
      <h2 id="spectrogram-head" class="visually-hidden">
        {t('spectrogram.title')}
      </h2>
      <button
        type="button"
        class="button"
        aria-expanded={open.value}
        aria-controls="spectrogram-body"
        onClick={toggle}
      >
        {t(open.value ? 'spectrogram.hide' : 'spectrogram.show')}
      </button>
      <div id="spectrogram-body" class="spectrogram-body" hidden={!open.value} aria-busy={now === null}>
        {open.value && now === 'failed' && <p role="alert">{t('page.loadFailed')}</p>}
        {open.value && now !== null && now !== 'failed' && <now.Panel />}
      </div>
    </section>
  );
}
