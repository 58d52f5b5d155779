import { names } from '../state/store.ts';
import { AlertStrip } from './alerts.tsx';
import { Announcer } from './announcer.tsx';
import { Events } from './events.tsx';
import { Header } from './header.tsx';
import { Meter } from './meter.tsx';
import { MicrophoneControl } from './microphone-control.tsx';
import { MoodWord } from './mood-word.tsx';
import { Picker } from './picker.tsx';
import { Plane } from './plane.tsx';
import { Readouts } from './readouts.tsx';
import { Situation } from './situation.tsx';
import { Timeline } from './timeline.tsx';

export function App() {
  return (
    <>
      <Header />
      <AlertStrip />
      <main class="page" data-empty={names.value.length === 0}>
        <div class="top">
          <div class="title">
            <Picker />
            <Situation />
          </div>
          <MoodWord />
        </div>
        <Plane />
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
      <Announcer />
    </>
  );
}
