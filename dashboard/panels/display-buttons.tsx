import './display-buttons.css';
import { canFullScreen, leaveWallMode, toggleFullScreen, wallMode } from '../state/display.ts';
import { t } from '../state/i18n.ts';
import { KeyHint } from './key-hint.tsx';
import { useKeys } from './use-keys.ts';

/** Shows the page on the full screen, as wall display. */
export function FullScreenButton() {
  useKeys({ f: () => void toggleFullScreen() });
  if (!canFullScreen) return null;
  return (
    <button type="button" class="button full-screen" onClick={() => void toggleFullScreen()}>
      {t('display.fullScreen')}
      <KeyHint text="F" />
    </button>
  );
}

/** In wall mode: the way back, invisible until it is reached. */
export function LeaveWallMode() {
  return wallMode.value ? <LeaveButton /> : null;
}

function LeaveButton() {
  useKeys({ escape: leaveWallMode });
  return (
    <header>
      {/* The header is not shown. */}
      <h1 class="visually-hidden">undertone</h1>
      <button type="button" class="button leave-wall" onClick={leaveWallMode}>
        {t('display.leaveWall')}
      </button>
    </header>
  );
}
