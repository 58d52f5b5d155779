import { type MessageKey, t } from '../state/i18n.ts';

/** Keys as on every keyboard, or the message that names them. */
const KEYS: readonly (readonly [keys: string | { readonly name: MessageKey }, does: MessageKey])[] = [
  ['← →', 'chart.keysMove'],
  ['+ −', 'chart.keysZoom'],
  [{ name: 'chart.keysSpace' }, 'chart.keysPause'],
  ['Home', 'chart.keysBack'],
  ['End', 'chart.keysEnd'],
  [{ name: 'chart.keysPointer' }, 'chart.keysPan'],
];

/** A button that lists what moves the chart; `id` is that of the list, for the chart's description. */
export function TimelineHelp({ id }: { readonly id: string }) {
  return (
    <>
      <button type="button" class="button timeline-help-open" popovertarget={id} aria-label={t('chart.keys')}>
        ?
      </button>
      <section id={id} class="timeline-help" popover="auto" aria-label={t('chart.keys')}>
        <p>{t('chart.keysFocus')}</p>
        <dl>
          {KEYS.map(([keys, does]) => (
            <div key={does}>
              <dt>{typeof keys === 'string' ? keys : t(keys.name)}</dt>
              <dd>{t(does)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}
