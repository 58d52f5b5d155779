import './session-page.css';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Marker } from '../../src/client/index.ts';
import { Markers } from '../panels/markers.tsx';
import { Meter } from '../panels/meter.tsx';
import { Plane } from '../panels/plane.tsx';
import { Mood, Readouts } from '../panels/readouts.tsx';
import { Scrubber } from '../panels/scrubber.tsx';
import { SessionDetails } from '../panels/session-details.tsx';
import { Timeline } from '../panels/timeline.tsx';
import { client, errorMessage } from '../state/client.ts';
import { locale, t } from '../state/i18n.ts';
import { createPlayer } from '../state/player.ts';
import { loadRecording, type Recording } from '../state/recording.ts';
import { SceneContext } from '../state/scene.ts';
import { SESSIONS_HREF } from '../state/view.ts';

interface Loaded {
  readonly recording: Recording;
  readonly markers: readonly Marker[];
}

type State =
  | { readonly is: 'loading' }
  | { readonly is: 'failed'; readonly message: string }
  | ({ readonly is: 'loaded' } & Loaded);

/** One session: its recording from the log, to play, annotate and export. */
export function SessionPage({ id }: { id: string }) {
  const state = useSignal<State>({ is: 'loading' });
  useEffect(() => {
    const abort = new AbortController();
    load(id, abort.signal)
      .then((loaded) => {
        if (!abort.signal.aborted) state.value = { is: 'loaded', ...loaded };
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) state.value = { is: 'failed', message: errorMessage(error) };
      });
    return () => abort.abort();
  }, []);
  const now = state.value;
  return (
    <main id="content" class="session-page" tabIndex={-1}>
      <a class="session-back" href={SESSIONS_HREF}>
        ← {t('session.all')}
      </a>
      {now.is === 'loading' && <p>{t('session.loading')}</p>}
      {now.is === 'failed' && <p role="alert">{now.message}</p>}
      {now.is === 'loaded' && <Replay recording={now.recording} markers={now.markers} />}
    </main>
  );
}

async function load(id: string, signal: AbortSignal): Promise<Loaded> {
  const session = await client.sessions.get(id);
  const [recording, markers] = await Promise.all([
    loadRecording(session, signal),
    client.sessions.markers(id),
  ]);
  return { recording, markers };
}

/** The live page's panels, showing a recording. */
function Replay({ recording, markers: loadedMarkers }: Loaded) {
  const session = useSignal(recording.session);
  const markers = useSignal(loadedMarkers);
  const error = useSignal<string | null>(null);
  const player = useMemo(() => createPlayer(recording, markers), [recording]);
  useEffect(() => player.close, [player]);
  const attempt = async (work: () => Promise<void>) => {
    error.value = null;
    try {
      await work();
    } catch (reason) {
      error.value = errorMessage(reason);
    }
  };
  const { title, id, stream, startedAt, state } = session.value;
  const started = new Date(startedAt).toLocaleString(locale(), { dateStyle: 'long', timeStyle: 'short' });
  return (
    <SceneContext.Provider value={player.scene}>
      <div class="session-title">
        <h2>{title ?? id}</h2>
        <p>
          {started} · {t('session.stream', { stream })}
          {state === 'open' && ` · ${t('session.inProgress')}`}
        </p>
        {error.value !== null && (
          <p class="session-error" role="alert">
            {error.value}
          </p>
        )}
      </div>
      {recording.rows.length === 0 && <p>{t('session.noData')}</p>}
      <div class="replay">
        <Plane />
        <div class="replay-now">
          <Mood />
          <Readouts />
          <Meter />
        </div>
        <Scrubber recording={recording} player={player} markers={markers} />
        <Timeline />
      </div>
      <div class="session-below">
        <Markers id={id} startMs={recording.startMs} markers={markers} player={player} attempt={attempt} />
        <SessionDetails session={session} attempt={attempt} />
      </div>
    </SceneContext.Provider>
  );
}
