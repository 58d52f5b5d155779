import { SessionBadge } from '../sessions/session-badge.tsx';
import { SessionBar } from '../sessions/session-bar.tsx';
import { names } from '../state/store.ts';
import { Events } from './events.tsx';
import { Meter } from './meter.tsx';
import { MicrophoneControl } from './microphone-control.tsx';
import { MoodWord } from './mood-word.tsx';
import { Picker } from './picker.tsx';
import { Plane } from './plane.tsx';
import { Readouts } from './readouts.tsx';
import { Situation } from './situation.tsx';
import { Timeline } from './timeline.tsx';

/** The chosen stream as it plays. */
export function LivePage() {
  return (
    <main class="page" data-empty={names.value.length === 0}>
      <div class="top">
        <div class="title">
          <Picker />
          <Situation />
          <SessionBadge />
        </div>
        <MoodWord />
      </div>
      <Plane />
      <SessionBar />
      <div class="side">
        <Readouts />
        <Meter />
      </div>
      <Timeline />
      <div class="below">
        <Events />
        <MicrophoneControl />
      </div>
    </main>
  );
}
