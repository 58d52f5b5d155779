import './live-page.css';
import { FullScreenButton } from '../panels/display-buttons.tsx';
import { Events } from '../panels/events.tsx';
import { Meter } from '../panels/meter.tsx';
import { MicrophoneControl } from '../panels/microphone-control.tsx';
import { Picker, StreamNote } from '../panels/picker.tsx';
import { Plane } from '../panels/plane.tsx';
import { Rate } from '../panels/rate.tsx';
import { Mood, Readouts } from '../panels/readouts.tsx';
import { SessionBadge } from '../panels/session-badge.tsx';
import { SessionBar } from '../panels/session-bar.tsx';
import { SpectrogramToggle } from '../panels/spectrogram-toggle.tsx';
import { StoppedSession } from '../panels/stopped-session.tsx';
import { TargetDistance } from '../panels/target-distance.tsx';
import { Timeline } from '../panels/timeline.tsx';
import { announcement } from '../state/announcement.ts';
import { wallMode } from '../state/display.ts';
import { t } from '../state/i18n.ts';
import { liveScene } from '../state/live-scene.ts';
import { SceneContext } from '../state/scene.ts';

/** The chosen stream, live. */
export function LivePage() {
  return (
    <SceneContext.Provider value={liveScene}>
      <main id="content" class="live-page" tabIndex={-1}>
        <div class="live-top">
          <div class="live-title">
            <h2 class="visually-hidden">{t('live.now')}</h2>
            <Picker />
            <StreamNote />
            <SessionBadge />
            <FullScreenButton />
            <Rate />
          </div>
          <Mood />
        </div>
        <Plane />
        <SessionBar />
        <div class="live-side">
          <Readouts />
          <TargetDistance />
          <Meter />
        </div>
        {/* Its labels are drawn in another size. */}
        <Timeline key={String(wallMode.value)} />
        <div class="live-below">
          <SpectrogramToggle />
          <Events />
          <MicrophoneControl />
        </div>
      </main>
      <StoppedSession />
      <p class="visually-hidden" role="status">
        {announcement.value}
      </p>
    </SceneContext.Provider>
  );
}
