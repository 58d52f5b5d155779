import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Marker } from '../../src/client/index.ts';
import { sentenceOf } from '../live/sentence-of.ts';
import { Meter } from '../view/meter.tsx';
import { MoodWord } from '../view/mood-word.tsx';
import { Plane } from '../view/plane.tsx';
import { Readouts } from '../view/readouts.tsx';
import { SceneContext } from '../view/scene-context.ts';
import { Timeline } from '../view/timeline.tsx';
import { Details } from './details.tsx';
import { Markers } from './markers.tsx';
import { createPlayer } from './player.ts';
import type { Recording } from './recording.ts';
import { Scrubber } from './scrubber.tsx';

export interface ReplayProps {
  readonly recording: Recording;
  readonly markers: readonly Marker[];
}

/** The same panels as on the live page, driven by what was recorded. */
export function Replay({ recording, markers: first }: ReplayProps) {
  const session = useSignal(recording.session);
  const markers = useSignal(first);
  const fault = useSignal<string | null>(null);
  const player = useMemo(() => createPlayer(recording, markers), [recording]);
  useEffect(() => player.close, [player]);
  const attempt = async (work: () => Promise<void>) => {
    fault.value = null;
    try {
      await work();
    } catch (error) {
      fault.value = sentenceOf(error);
    }
  };
  const { title, id, stream, startedAt, state } = session.value;
  return (
    <SceneContext.Provider value={player.scene}>
      <div class="session-title">
        <h2>{title ?? id}</h2>
        <p>
          {new Date(startedAt).toLocaleString(undefined, { dateStyle: 'long', timeStyle: 'short' })} · stream{' '}
          {stream}
          {state === 'open' && ' · still going on'}
        </p>
        {fault.value !== null && (
          <p class="session-fault" role="alert">
            {fault.value}
          </p>
        )}
      </div>
      {recording.rows.length === 0 && <p>The log has nothing of this session.</p>}
      <div class="replay">
        <Plane />
        <div class="replay-now">
          <MoodWord />
          <Readouts />
          <Meter />
        </div>
        <Scrubber recording={recording} player={player} markers={markers} />
        <Timeline />
      </div>
      <div class="session-below">
        <Markers id={id} startMs={recording.startMs} markers={markers} player={player} attempt={attempt} />
        <Details session={session} attempt={attempt} />
      </div>
    </SceneContext.Provider>
  );
}
