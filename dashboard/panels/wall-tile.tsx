import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { fitCanvas } from '../draw/canvas.ts';
import { wallMode } from '../state/display.ts';
import { alertText } from '../state/event-text.ts';
import { t } from '../state/i18n.ts';
import { nameHalves } from '../state/name-halves.ts';
import { sourceName } from '../state/source-name.ts';
import { stateText, stateWords } from '../state/state-text.ts';
import { statusOf } from '../state/stream-status.ts';
import { records, updates } from '../state/streams.ts';
import { streamHref, wallSuffix } from '../state/view.ts';
import type { WallPainter } from './wall-painter.ts';

export interface WallTileProps {
  readonly name: string;
  readonly painter: WallPainter;
}

/** One stream on the wall: a link to its page. It renders again only when one of its words changes. */
export function WallTile({ name, painter }: WallTileProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const word = useComputed(() => statusNow(name).word);
  const inactive = useComputed(() => statusNow(name).inactive);
  const alert = useComputed(() => {
    updates.value;
    const newest = records.get(name)?.alerts.at(-1);
    return newest === undefined ? null : alertText(newest);
  });
  const note = useComputed(() => {
    updates.value;
    const record = records.get(name);
    if (record === undefined) return '';
    const { reason, source } = record;
    return stateWords(reason) ?? reason.message ?? sourceName(source);
  });
  const isDown = useComputed(() => {
    updates.value;
    return (records.get(name)?.state ?? 'running') !== 'running';
  });
  // The whole sentence, which a tile has no room for.
  const fullNote = useComputed(() => {
    updates.value;
    return stateText(records.get(name)?.reason ?? { message: null });
  });
  useEffect(() => {
    const target = canvas.current!;
    const stopFitting = fitCanvas(target, () => painter.redraw(name));
    const remove = painter.add(name, target);
    return () => {
      stopFitting();
      remove();
    };
  }, []);
  return (
    <a
      class="wall-tile"
      href={`${streamHref(name)}${wallSuffix()}`}
      data-alert={alert.value !== null}
      data-down={isDown.value}
    >
      <span class="wall-tile-head">
        {wallMode.value ? (
          <HalvedName name={name} />
        ) : (
          <span class="wall-tile-name clamped" title={name}>
            {name}
          </span>
        )}
        <span class="wall-tile-dot" data-inactive={inactive.value} />
      </span>
      <span
        class="wall-tile-word"
        data-inactive={inactive.value}
        style={{ '--own-letters': word.value.length }}
      >
        {word.value}
      </span>
      <canvas ref={canvas} class="wall-tile-lines" />
      <span class="wall-tile-note clamped" title={alert.value ?? fullNote.value ?? note.value}>
        {alert.value !== null && <span class="visually-hidden">{t('event.alert-raised')}: </span>}
        {alert.value ?? note.value}
      </span>
    </a>
  );
}

/** On the wall display, a name that is too long is cut in its middle: names often differ at their ends. */
function HalvedName({ name }: Pick<WallTileProps, 'name'>) {
  const [start, end] = nameHalves(name);
  const style = { '--own-letters': name.length, '--half-letters': Math.max(start.length, end.length) };
  return (
    <span class="wall-tile-name clamped" title={name} style={style}>
      <span class="visually-hidden">{name}</span>
      <span class="wall-tile-start" aria-hidden="true">
        {start}
      </span>
      <span class="wall-tile-end" aria-hidden="true">
        <bdi dir="ltr">{end}</bdi>
      </span>
    </span>
  );
}

function statusNow(name: string) {
  updates.value;
  return statusOf(records.get(name));
}
