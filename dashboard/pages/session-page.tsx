import './session-page.css';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Marker, Session } from '../../src/client/index.ts';
import { Markers } from '../panels/markers.tsx';
import { Replay } from '../panels/replay.tsx';
import { SessionDetails } from '../panels/session-details.tsx';
import { TagLinks } from '../panels/tag-links.tsx';
import { useLoad } from '../panels/use-load.ts';
import { client, errorMessage } from '../state/client.ts';
import { fullDateTime } from '../state/dates.ts';
import { t } from '../state/i18n.ts';
import { createPlayer } from '../state/player.ts';
import { loadRecording, type Recording } from '../state/recording.ts';
import { onStored } from '../state/saving.ts';
import { SceneContext } from '../state/scene.ts';
import { SESSIONS_HREF } from '../state/view.ts';

interface Loaded {
  readonly recording: Recording;
  readonly markers: readonly Marker[];
}

/** One session: its recording from the log, to play, annotate and export. */
export function SessionPage({ id }: { id: string }) {
  const loaded = useLoad((signal) => load(id, signal), []);
  const session = loaded.value.value;
  const error = loaded.error.value;
  return (
    <main id="content" class="session-page" tabIndex={-1}>
      <a class="session-back" href={SESSIONS_HREF}>
        ← {t('session.all')}
      </a>
      {session === null && error === null && <p>{t('session.loading')}</p>}
      {error !== null && <p role="alert">{error}</p>}
      {session !== null && <SessionReplay {...session} />}
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

/** The recording, its markers, and what is known of the session. */
function SessionReplay({ recording, markers: loadedMarkers }: Loaded) {
  const session = useSignal(recording.session);
  const markers = useSignal(loadedMarkers);
  const error = useSignal<string | null>(null);
  const player = useMemo(() => createPlayer(recording, markers), [recording]);
  useEffect(() => player.close, [player]);
  useEffect(
    () =>
      onStored((of, work, answer) => {
        if (of === recording.session.id && work.kind === 'field') session.value = answer as Session;
      }),
    [recording],
  );
  const attempt = async (work: () => Promise<void>) => {
    error.value = null;
    try {
      await work();
    } catch (reason) {
      error.value = errorMessage(reason);
    }
  };
  const { title, id, stream, startedAt, state, signed, tags } = session.value;
  const started = fullDateTime(startedAt);
  return (
    <SceneContext.Provider value={player.scene}>
      <div class="session-title">
        <h2>{title ?? id}</h2>
        <p>
          {started} · {t('session.stream', { stream })}
          {state === 'open' && ` · ${t('session.inProgress')}`}
          {signed !== null && ` · ${t('sign.locked')}`}
        </p>
        <TagLinks tags={tags} />
        {error.value !== null && (
          <p class="session-error" role="alert">
            {error.value}
          </p>
        )}
      </div>
      {recording.rows.length === 0 && <p>{t('session.noData')}</p>}
      <Replay curve={recording} player={player} markers={markers} />
      <div class="session-below">
        <Markers
          id={id}
          startMs={recording.startMs}
          markers={markers}
          player={player}
          locked={session.value.signed !== null}
          attempt={attempt}
        />
        <SessionDetails session={session} markers={markers} attempt={attempt} />
      </div>
    </SceneContext.Provider>
  );
}
