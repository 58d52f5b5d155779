import './try-page.css';
import { useSignal } from '@preact/signals';
import { useEffect, useId, useMemo } from 'preact/hooks';
import type { Marker } from '../../src/client/index.ts';
import { STEP_SECONDS } from '../../src/types.ts';
import { CurveTable } from '../panels/curve-table.tsx';
import { FileDrop } from '../panels/file-drop.tsx';
import { Replay } from '../panels/replay.tsx';
import { Overview } from '../panels/scrubber.tsx';
import { TryInputs } from '../panels/try-inputs.tsx';
import {
  type Analysis,
  analysis,
  analyzeDemo,
  analyzeFile,
  analyzeFiles,
  cancelAnalysis,
  chosenFiles,
  finishAnalysis,
} from '../state/analysis.ts';
import type { Curve } from '../state/curve.ts';
import { elapsed } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { pendingFiles } from '../state/pending-files.ts';
import { createPlayer } from '../state/player.ts';
import { SceneContext } from '../state/scene.ts';
import { createFileSound } from '../state/sound.ts';

const NO_MARKERS: readonly Marker[] = [];
/** A curve of less shows nothing. */
const LEAST_SECONDS = 5;

/** Without a stream: a file with its curve and sound, the demo, this device's microphone, the sound of a tab. */
export function TryPage({ demo }: { readonly demo: boolean }) {
  const now = analysis.value;
  const files = pendingFiles.value;
  useEffect(() => {
    if (files.length === 0) return;
    pendingFiles.value = [];
    analyzeFiles(files);
  }, [files]);
  useEffect(() => {
    if (demo && pendingFiles.peek().length === 0) void analyzeDemo();
  }, [demo]);
  return (
    <main id="content" class="try-page" tabIndex={-1}>
      <h2>{t('nav.try')}</h2>
      <FileChoice now={now} />
      <Progress now={now} />
      {now.state === 'done' && <Result key={now.file.name + now.curve.endMs} {...now} />}
      {now.state !== 'running' && now.state !== 'fetching' && (
        <div class="try-ways">
          <section class="try-way" aria-labelledby="try-file">
            <h3 id="try-file">{t('try.file')}</h3>
            <p>{t('try.fileHint')}</p>
            <div class="try-buttons">
              <FileDrop class="button-primary try-drop">{t('try.choose')}</FileDrop>
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

/** Which of the files that were dropped together is shown. */
function FileChoice({ now }: { now: Analysis }) {
  const files = chosenFiles.value;
  const id = useId();
  if (files.length < 2) return null;
  const shown = 'file' in now ? files.indexOf(now.file) : -1;
  return (
    <p class="try-files">
      <label for={id}>{t('try.files')}</label>
      <select
        id={id}
        class="text-input"
        value={shown}
        onChange={(event) => void analyzeFile(files[Number(event.currentTarget.value)]!)}
      >
        {shown < 0 && <option value={-1} />}
        {files.map(({ name }, i) => (
          <option key={i} value={i}>
            {name}
          </option>
        ))}
      </select>
    </p>
  );
}

/** Once at the start and once at the end, for screen readers: the time would be read out all along. */
function statusText(now: Analysis): string {
  switch (now.state) {
    case 'fetching':
      return t('try.fetching');
    case 'running':
      return t('try.running', { file: now.file.name });
    case 'done':
      return t('try.ready', { file: now.file.name });
    default:
      return '';
  }
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
      <p class="visually-hidden" role="status">
        {statusText(now)}
      </p>
      <p role="alert">{now.state === 'failed' && now.message}</p>
      <p>
        {now.state === 'fetching' && t('try.fetching')}
        {now.state === 'running' && runningText(now)}
      </p>
      {busy && (
        <>
          {/* There from the start, so that what is below does not move when the analysis begins. */}
          <div class="scrubber-strip try-so-far">{now.state === 'running' && <CurveSoFar {...now} />}</div>
          <progress
            aria-label={t('try.progress')}
            {...(now.state === 'running' &&
              now.total !== null && { value: Math.min(now.seconds, now.total), max: now.total })}
          />
          <div class="try-buttons">
            <button
              type="button"
              class="button"
              disabled={now.state === 'fetching' || now.seconds < LEAST_SECONDS}
              onClick={finishAnalysis}
            >
              {t('try.showSoFar')}
            </button>
            <button type="button" class="button" onClick={cancelAnalysis}>
              {t('action.cancel')}
            </button>
          </div>
        </>
      )}
    </div>
  );
}

/** The curve as it grows, over the length of the file where the browser knows it. */
function CurveSoFar({ frames, seconds, total }: Extract<Analysis, { state: 'running' }>) {
  const length = total ?? seconds;
  const curve = useMemo((): Curve => {
    const times = Float64Array.from(frames, ({ t: at }) => 1000 * at);
    return { startMs: 0, endMs: 1000 * length, stepSeconds: STEP_SECONDS, rows: frames, times };
  }, [seconds, length]);
  return <Overview recording={curve} length={length} markers={NO_MARKERS} />;
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
