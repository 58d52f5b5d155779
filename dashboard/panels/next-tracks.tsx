import { useSignal, useSignalEffect } from '@preact/signals';
import { activeDeck, decks } from '../state/decks.ts';
import { t } from '../state/i18n.ts';
import { loadNextTracks, type NextTracks } from '../state/next-tracks.ts';
import { possibleGaps } from '../state/streams.ts';
import { SETUP_HREF } from '../state/view.ts';

/** Suggestions change with the music: they are loaded again this often. */
const REFRESH_MS = 30_000;

/** Tracks of the library that could follow the active deck, with reasons. */
export function NextTracksPanel() {
  const found = useSignal<NextTracks>({ message: t('next.loading'), setUp: false });
  useSignalEffect(() => {
    const stream = decks.value[activeDeck.value];
    if (stream === undefined || possibleGaps.value === 0) return;
    let shown = true;
    const load = async () => {
      const next = await loadNextTracks(stream);
      if (shown) found.value = next;
    };
    const timer = setInterval(load, REFRESH_MS);
    void load();
    return () => {
      shown = false;
      clearInterval(timer);
    };
  });
  const now = found.value;
  return (
    <section class="booth-panel" aria-labelledby="next-head">
      <h3 id="next-head">{t('next.title')}</h3>
      {'message' in now ? (
        <p class="booth-hint">
          {/* One text: a space of its own would move when the link appears. */}
          {now.setUp ? `${now.message} ` : now.message}
          {now.setUp && <a href={SETUP_HREF}>{t('next.setUp')}</a>}
        </p>
      ) : (
        <ol class="next-tracks">
          {now.map(({ title, detail, reasons }, i) => (
            <li key={i}>
              <span class="next-track clamped" title={title}>
                <b>{title}</b> {detail}
              </span>
              <span class="booth-hint clamped" title={reasons.join(', ')}>
                {reasons.join(', ')}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
