import { useSignal, useSignalEffect } from '@preact/signals';
import { AXES, type Axis } from '../../src/frame-fields.ts';
import { activeDeck, decks } from '../state/decks.ts';
import { clock, fixed, signed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { jumpSize } from '../state/jump.ts';
import { loadArc } from '../state/load-arc.ts';
import type { ArcTrack } from '../state/set-arc.ts';
import { possibleGaps } from '../state/streams.ts';

const WIDTH = 400;
const HEIGHT = 120;
/** The arc's top and bottom. */
const LIMIT = 0.6;
/** A set goes on: its titles are loaded again this often. */
const REFRESH_MS = 30_000;

/** The active deck's stream so far: valence and arousal of each title, and how large each transition was. */
export function SetArc() {
  const arc = useSignal<readonly ArcTrack[]>([]);
  useSignalEffect(() => {
    const stream = decks.value[activeDeck.value];
    if (stream === undefined || possibleGaps.value === 0) return;
    const request = new AbortController();
    arc.value = [];
    const load = () =>
      loadArc(stream, request.signal)
        .then((found) => {
          if (!request.signal.aborted) arc.value = found;
        })
        // The connection is lost: the arc is loaded again after reconnecting.
        .catch(() => {});
    const timer = setInterval(load, REFRESH_MS);
    void load();
    return () => {
      clearInterval(timer);
      request.abort();
    };
  });
  const tracks = arc.value;
  return (
    <section class="booth-panel" aria-labelledby="arc-head">
      <h3 id="arc-head">{t('arc.title')}</h3>
      <svg class="arc" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="arc-zero" d={`M0 ${HEIGHT / 2}H${WIDTH}`} />
        {tracks.length >= 2 &&
          AXES.map((axis) => <path key={axis} class="arc-line" data-axis={axis} d={pathOf(tracks, axis)} />)}
      </svg>
      {tracks.length < 2 ? (
        <p class="booth-hint arc-table">{t('arc.hint')}</p>
      ) : (
        <>
          {/* It scrolls, so the keyboard has to reach it. */}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
          <section class="arc-table" aria-label={t('arc.table')} tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('table.from')}</th>
                  <th scope="col">{t('stations.title')}</th>
                  <th scope="col">{t('axis.valence')}</th>
                  <th scope="col">{t('axis.arousal')}</th>
                  <th scope="col">{t('arc.transition')}</th>
                </tr>
              </thead>
              <tbody>
                {tracks.toReversed().map(({ startedAt, title, valence, arousal, jump }) => (
                  <tr key={startedAt}>
                    <td>{clock(startedAt).slice(0, 5)}</td>
                    <td>
                      {title}
                      {/* On a phone, in place of the columns. */}
                      <span class="arc-jump" aria-hidden="true">
                        {jumpText(jump)}
                      </span>
                    </td>
                    <td>{signed(valence)}</td>
                    <td>{signed(arousal)}</td>
                    <td>{jumpText(jump)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </section>
  );
}

const jumpText = (jump: number | null): string =>
  jump === null ? '' : `${fixed(jump, 2)}, ${t(`jump.${jumpSize(jump)}`)}`;

function pathOf(tracks: readonly ArcTrack[], axis: Axis): string {
  const points = tracks.map((track, i) => {
    const x = (WIDTH * (i + 0.5)) / tracks.length;
    const value = Math.max(-LIMIT, Math.min(LIMIT, track[axis]));
    return `${x.toFixed(1)} ${((HEIGHT * (LIMIT - value)) / (2 * LIMIT)).toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}
