import type { ReadonlySignal, Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Marker } from '../../src/client/index.ts';
import type { EmotionFrame, StreamEvent, StreamInfo } from '../../src/types.ts';
import type { History } from './history.ts';
import type { Zero } from './moment-name.ts';
import type { StepRing } from './step-ring.ts';
import { serverNowMs } from './streams.ts';
import type { SceneTarget } from './target.ts';
import type { TitleMark } from './title-mark.ts';
import { WHOLE, type Whole } from './whole.ts';

/** A stream at one moment. */
export interface Snapshot {
  readonly frame: EmotionFrame | null;
  /** The newest frame with an emotion: where the point stays during silence. */
  readonly lastMusic: EmotionFrame | null;
  /** Newest first. */
  readonly events: readonly StreamEvent[];
  readonly state: StreamInfo['state'];
}
export const EMPTY_SNAPSHOT: Snapshot = { frame: null, lastMusic: null, events: [], state: 'running' };

/** Steps up to the moment shown. */
export interface StepHistory {
  readonly ring: StepRing;
  readonly last: EmotionFrame | null;
}

/** The state of a stream in words. */
export interface Status {
  /** The mood, or one word for why there is none. */
  readonly label: string;
  /** The source of the audio, or what is wrong. */
  readonly note: string;
  /** The label does not describe music that plays now. */
  readonly inactive: boolean;
}

/** A session marker on the chart. */
export interface ChartMarker {
  /** Seconds since 1970, as the ring's `x`. */
  readonly x: number;
  readonly label: string;
}

/** The time before the newest steps, in which the chart can be moved. */
export interface ScenePast {
  readonly history: History;
  readonly stream: ReadonlySignal<string | null>;
  /** The chart's end in seconds since 1970; null: it follows the newest step. */
  readonly until: Signal<number | null>;
}

/** A recording, in which the chart can go to any moment. */
export interface SceneWhole extends Whole {
  /** @param x seconds since 1970 */
  readonly seek: (x: number) => void;
}

/** `xOf`: the place of a marker on the chart. */
export const chartMarkers = (markers: readonly Marker[], xOf: (marker: Marker) => number): ChartMarker[] =>
  markers.map((marker, i) => ({ x: xOf(marker), label: String(i + 1) }));

/** What the panels show: a live stream, or a moment of a recording. */
export interface Scene {
  readonly snapshot: ReadonlySignal<Snapshot>;
  readonly history: ReadonlySignal<StepHistory | null>;
  /** False if the snapshot is out of date. */
  readonly current: ReadonlySignal<boolean>;
  readonly status: ReadonlySignal<Status>;
  /** One sentence for screen readers. */
  readonly summary: ReadonlySignal<string>;
  /** Seconds of the past that the chart shows, and the choices for it. */
  readonly windowSeconds: Signal<number>;
  readonly windows: readonly number[];
  readonly markers: ReadonlySignal<readonly ChartMarker[]>;
  readonly titles: ReadonlySignal<readonly TitleMark[]>;
  /** Of the session that runs or is shown. */
  readonly target: ReadonlySignal<SceneTarget | null>;
  /** Null for a recording: its chart follows the player. */
  readonly past: ScenePast | null;
  /** All of a recording, shown while `windowSeconds` is WHOLE; null on a live page. */
  readonly whole: SceneWhole | null;
  /** The beginning of a recording; null: times are of the clock. */
  readonly zero: Zero | null;
  /** Whether values have intervals, and whether there are forecasts: a recording read as means has neither. */
  readonly hasIntervals: boolean;
  readonly hasForecast: boolean;
  /** Label of the moment shown. */
  readonly nowLabel: 'now' | 'here';
}

/** The newest step of a scene in seconds since 1970; the server's present before there is one. */
export function nowOf({ history }: Pick<Scene, 'history'>): number {
  const ring = history.peek()?.ring;
  return ring === undefined || ring.length === 0 ? serverNowMs() / 1000 : ring.x(ring.length - 1);
}

/** The recording that the chart shows as a whole; null if it shows a part. */
export const wholeShown = ({ whole, windowSeconds }: Scene): SceneWhole | null =>
  windowSeconds.value === WHOLE ? whole : null;

/** Each page provides its scene. It never changes while a panel is mounted. */
export const SceneContext = createContext<Scene | null>(null);
export const useScene = (): Scene => useContext(SceneContext)!;
