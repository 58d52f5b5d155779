import './try-page.css';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Marker } from '../../src/client/index.ts';
import { CurveTable } from '../panels/curve-table.tsx';
import { FileDrop } from '../panels/file-drop.tsx';
import { Replay } from '../panels/replay.tsx';
import { TryInputs } from '../panels/try-inputs.tsx';
import {
  type Analysis,
  analysis,
  analyzeDemo,
  analyzeFile,
  cancelAnalysis,
  finishAnalysis,
} from '../state/analysis.ts';
import type { Curve } from '../state/curve.ts';
import { elapsed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { pendingFile } from '../state/pending-file.ts';
import { createPlayer } from '../state/player.ts';
import { SceneContext } from '../state/scene.ts';
import { createFileSound } from '../state/sound.ts';

const NO_MARKERS: readonly Marker[] = [];
/** A curve of less shows nothing. */
const LEAST_SECONDS = 5;

/** Without a stream: a file with its curve and sound, the demo, this device's microphone, the sound of a tab. */
export function TryPage({ demo }: { readonly demo: boolean }) {
  const now = analysis.value;
  const file = pendingFile.value;
  useEffect(() => {
    if (file === null) return;
    pendingFile.value = null;
    void analyzeFile(file);
  }, [file]);
  useEffect(() => {
    if (demo && pendingFile.peek() === null) void analyzeDemo();
  }, [demo]);
  return (
    <main id="content" class="try-page" tabIndex={-1}>
      <h2>{t('nav.try')}</h2>
      <Progress now={now} />
      {now.state === 'done' && <Result key={now.file.name + now.curve.endMs} {...now} />}
      {now.state !== 'running' && now.state !== 'fetching' && (
        <div class="try-ways">
          <section class="try-way" aria-labelledby="try-file">
            <h3 id="try-file">{t('try.file')}</h3>
            <p>{t('try.fileHint')}</p>
            <div class="try-buttons">
              <FileDrop class="button-primary try-drop" onFile={(dropped) => void analyzeFile(dropped)}>
                {t('try.choose')}
              </FileDrop>
              <button type="button" class="button" onClick={() => void analyzeDemo()}>
                {t('empty.demo')}
              </button>
            </div>
          </section>
          <TryInputs />
        </div>
      )}
    </main>
  );
}

function runningText({ file, seconds, total }: Extract<Analysis, { state: 'running' }>): string {
  const position = elapsed(seconds);
  return total === null
    ? t('try.analyzing', { file: file.name, position })
    : t('try.analyzingOf', { file: file.name, position, total: elapsed(total) });
}

function Progress({ now }: { now: Analysis }) {
  const busy = now.state === 'running' || now.state === 'fetching';
  return (
    <div class="try-progress" data-busy={busy}>
      <p role={now.state === 'failed' ? 'alert' : 'status'}>
        {now.state === 'fetching' && t('try.fetching')}
        {now.state === 'running' && runningText(now)}
        {now.state === 'failed' && now.message}
      </p>
      {busy && (
        <>
          <progress
            aria-label={t('try.progress')}
            {...(now.state === 'running' &&
              now.total !== null && { value: Math.min(now.seconds, now.total), max: now.total })}
          />
          <div class="try-buttons">
            {now.state === 'running' && (
              <button
                type="button"
                class="button"
                disabled={now.seconds < LEAST_SECONDS}
                onClick={finishAnalysis}
              >
                {t('try.showSoFar')}
              </button>
            )}
            <button type="button" class="button" onClick={cancelAnalysis}>
              {t('action.cancel')}
            </button>
          </div>
        </>
      )}
    </div>
  );
}

interface ResultProps {
  readonly file: File;
  readonly curve: Curve;
  readonly note: string | null;
}

/** The curve of the file, played with its sound. */
function Result({ file, curve, note }: ResultProps) {
  const markers = useSignal(NO_MARKERS);
  const sound = useMemo(() => createFileSound(file), [file]);
  const player = useMemo(() => createPlayer(curve, markers, sound), [curve, sound]);
  useEffect(() => {
    const stop = sound.follow(player);
    player.playing.value = true;
    return () => {
      player.close();
      stop();
    };
  }, [player, sound]);
  return (
    <SceneContext.Provider value={player.scene}>
      <section class="try-result" aria-labelledby="try-name">
        <h3 id="try-name">{file.name}</h3>
        {note !== null && <p role="alert">{note}</p>}
        {sound.failed.value && <p role="status">{t('try.noSound')}</p>}
        <Replay curve={curve} player={player} markers={markers} />
        <CurveTable curve={curve} onSeek={player.seek} />
      </section>
    </SceneContext.Provider>
  );
}
