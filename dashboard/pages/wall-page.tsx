import './wall-page.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { palette } from '../draw/canvas.ts';
import { FullScreenButton } from '../panels/display-buttons.tsx';
import { useStatusClock } from '../panels/use-status-clock.ts';
import { WallPainter } from '../panels/wall-painter.ts';
import { WallTable } from '../panels/wall-table.tsx';
import { WallTiles } from '../panels/wall-tiles.tsx';
import { t } from '../state/i18n.ts';
import { streamNames } from '../state/streams.ts';

/** All streams at once. */
export function WallPage() {
  const names = streamNames.value;
  const painter = useMemo(() => new WallPainter(), []);
  const asTable = useSignal(false);
  useSignalEffect(() => {
    palette.value;
    painter.redraw();
  });
  useStatusClock();
  useEffect(() => () => painter.close(), []);
  return (
    <main id="content" class="wall-page" tabIndex={-1}>
      <div class="wall-head">
        <h2>{t('wall.title')}</h2>
        <p class="wall-legend">
          <span data-axis="valence">{t('wall.valenceAbove')}</span>,{' '}
          <span data-axis="arousal">{t('wall.arousalBelow')}</span>, {t('wall.tenMinutes')}
        </p>
        <button
          type="button"
          class="button"
          aria-pressed={asTable.value}
          onClick={() => {
            asTable.value = !asTable.value;
          }}
        >
          {t('table.table')}
        </button>
        <FullScreenButton />
      </div>
      {names.length === 0 && <p>{t('setup.noStreams')}</p>}
      {asTable.value ? <WallTable names={names} /> : <WallTiles names={names} painter={painter} />}
    </main>
  );
}
