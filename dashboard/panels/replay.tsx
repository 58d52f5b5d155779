import './replay.css';
import type { ReadonlySignal } from '@preact/signals';
import type { Marker } from '../../src/client/index.ts';
import type { Curve } from '../state/curve.ts';
import type { Player } from '../state/player.ts';
import { Meter } from './meter.tsx';
import { Plane } from './plane.tsx';
import { Mood, Readouts } from './readouts.tsx';
import { Scrubber } from './scrubber.tsx';
import { TargetDistance } from './target-distance.tsx';
import { Timeline } from './timeline.tsx';

export interface ReplayProps {
  readonly curve: Curve;
  readonly player: Player;
  readonly markers: ReadonlySignal<readonly Marker[]>;
}

/** The live page's panels, showing what is played. */
export function Replay({ curve, player, markers }: ReplayProps) {
  return (
    <div class="replay">
      <Plane />
      <div class="replay-now">
        <Mood />
        <Readouts />
        {curve.target != null && <TargetDistance />}
        <Meter />
      </div>
      <Scrubber recording={curve} player={player} markers={markers} />
      <Timeline />
    </div>
  );
}
