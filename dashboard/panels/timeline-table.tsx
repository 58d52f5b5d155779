import { useSignal } from '@preact/signals';
import { planeDistance } from '../../src/types.ts';
import { fixed, signed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { momentName, type Zero } from '../state/moment-name.ts';
import { moodName } from '../state/mood-name.ts';
import { type Scene, useScene } from '../state/scene.ts';
import { firstAfter, type Steps } from '../state/steps.ts';
import { type SceneTarget, targetAtX } from '../state/target.ts';
import { partsOf, shownRange } from './timeline-model.ts';

const MAX_ROWS = 48;

interface TableRow {
  readonly x: number;
  readonly valence: number;
  readonly arousal: number;
  readonly what: string;
  /** From the target; null without one. */
  readonly distance: number | null;
}

/** A button that shows the chart's values as a table, as they were when it was pressed. */
export function TimelineTable() {
  const scene = useScene();
  const rows = useSignal<readonly TableRow[] | null>(null);
  const open = rows.value !== null;
  return (
    <>
      <button
        type="button"
        class="button timeline-table-toggle"
        aria-expanded={open}
        onClick={() => {
          rows.value = open ? null : rowsOf(scene);
        }}
      >
        {t(open ? 'table.close' : 'table.table')}
      </button>
      {rows.value !== null && (
        <Rows rows={rows.value} withTarget={scene.target.peek() !== null} zero={scene.zero} />
      )}
    </>
  );
}

interface RowsProps {
  readonly rows: readonly TableRow[];
  readonly withTarget: boolean;
  readonly zero: Zero | null;
}

function Rows({ rows, withTarget, zero }: RowsProps) {
  return (
    // It scrolls, so the keyboard has to reach it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section class="timeline-table" aria-label={t('table.ofChart')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('table.time')}</th>
            <th scope="col">{t('axis.valence')}</th>
            <th scope="col">{t('axis.arousal')}</th>
            <th scope="col">{t('table.moodOrActivity')}</th>
            {withTarget && <th scope="col">{t('target.fromTarget')}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ x, valence, arousal, what, distance }) => (
            <tr key={x}>
              <th scope="row">{momentName(x, zero)}</th>
              <td>{signed(valence)}</td>
              <td>{signed(arousal)}</td>
              <td>{what}</td>
              {withTarget && <td>{distance === null ? '' : fixed(distance, 2)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p>{t('table.empty')}</p>}
    </section>
  );
}

function distanceAt(target: SceneTarget | null, steps: Steps, i: number): number | null {
  const goal = target === null ? null : targetAtX(target, steps.x(i));
  if (goal === null || !steps.isMusic(i)) return null;
  return planeDistance({ valence: steps.valence(i), arousal: steps.arousal(i) }, goal);
}

/** At most MAX_ROWS steps of what the chart shows, evenly spaced, newest first. */
function rowsOf(scene: Scene): readonly TableRow[] {
  const all = partsOf(scene, shownRange(scene)).flatMap(({ steps, from, to }) =>
    Array.from({ length: Math.max(0, firstAfter(steps, to) - firstAfter(steps, from)) }, (_, k) => {
      const i = firstAfter(steps, from) + k;
      return { steps, i };
    }),
  );
  const every = Math.max(1, Math.ceil(all.length / MAX_ROWS));
  return all
    .reverse()
    .filter((_, k) => k % every === 0)
    .map(({ steps, i }) => ({
      x: steps.x(i),
      valence: steps.valence(i),
      arousal: steps.arousal(i),
      what: moodName(steps.isMusic(i) ? (steps.mood(i) ?? 'music') : steps.activity(i)),
      distance: distanceAt(scene.target.peek(), steps, i),
    }));
}
