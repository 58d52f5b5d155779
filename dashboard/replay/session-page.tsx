import './session-page.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Marker, Session } from '../../src/client/index.ts';
import { client } from '../live/client.ts';
import { sentenceOf } from '../live/sentence-of.ts';
import { SESSIONS_HREF } from '../state/view.ts';
import { loadRecording, type Recording } from './recording.ts';
import { Replay } from './replay.tsx';

type State =
  | { readonly is: 'loading' }
  | { readonly is: 'failed'; readonly message: string }
  | { readonly is: 'there'; readonly recording: Recording; readonly markers: readonly Marker[] };

/** One session: its recording from the log, to be looked at again. */
export function SessionPage({ id }: { id: string }) {
  const state = useSignal<State>({ is: 'loading' });
  useEffect(() => {
    const abort = new AbortController();
    load(id, abort.signal)
      .then(({ recording, markers }) => {
        if (!abort.signal.aborted) state.value = { is: 'there', recording, markers };
      })
      .catch((error: unknown) => {
        if (!abort.signal.aborted) state.value = { is: 'failed', message: sentenceOf(error) };
      });
    return () => abort.abort();
  }, []);
  const now = state.value;
  return (
    <main class="session-page">
      <a class="session-back" href={SESSIONS_HREF}>
        ← All sessions
      </a>
      {now.is === 'loading' && <p class="session-loading">Reading the session…</p>}
      {now.is === 'failed' && (
        <p class="session-loading" role="alert">
          {now.message}
        </p>
      )}
      {now.is === 'there' && <Replay recording={now.recording} markers={now.markers} />}
    </main>
  );
}

async function load(
  id: string,
  signal: AbortSignal,
): Promise<{ recording: Recording; markers: readonly Marker[] }> {
  const session: Session = await client.sessions.get(id);
  const [recording, markers] = await Promise.all([
    loadRecording(session, signal),
    client.sessions.markers(id),
  ]);
  return { recording, markers };
}
