import type { Observable } from 'rxjs';
import type { Log } from '../../log/log.ts';
import type { Alerts } from '../../sinks/alerts/alerts.ts';
import type { FanOut } from '../../sinks/fan-out.ts';
import type { MelListener } from '../../stream/mel-columns.ts';
import type { TrackerState } from '../../tracker.ts';
import type {
  FormerName,
  Source,
  StopReason,
  StreamInfo,
  StreamMessage,
  StreamRemoved,
} from '../../types.ts';
import type { Limits } from '../limits.ts';
import type { StreamProfiles } from '../profiles/stream-profiles.ts';
import type { WarmRestart } from '../restart/warm-restart.ts';
import type { Spectrograms } from '../spectrogram/spectrograms.ts';
import type { ClockChanges } from './clock-changes.ts';

/**
 * Tracks a source: `track` of tracker.ts with a bound stepper, a shard, or a fake. `stop` ends the source, for trackers
 * that open it in another thread. The stream continues from `state`, if there is one.
 */
export type StartTracker = (
  source: Source,
  stream: string,
  stop?: AbortSignal,
  state?: TrackerState,
) => {
  readonly messages$: Observable<StreamMessage>;
  /** Its state now, or at its end if it has ended; undefined if it is not known. Absent: it cannot be saved. */
  readonly save?: () => Promise<TrackerState | undefined>;
  /** Sends the mel frames of each step, before its message. Absent: it has none. */
  readonly tapMel?: (listener: MelListener) => void;
};

/** The tracker of one stream. */
export interface StreamTracker {
  readonly startTracker: StartTracker;
  /** Name of its model, for the log. */
  readonly model: string;
  /** Seconds of CPU time that it takes per second of audio (capacity.ts). */
  readonly cost: number;
  /** Of its model's folder (model/fingerprint.ts): a state is of no use to another. */
  readonly fingerprint: string;
}

/** Default: the tracker of the hub. */
export type AddOptions = Partial<StreamTracker>;

export interface HubOptions {
  readonly startTracker: StartTracker;
  /** Numbers the runs. */
  readonly log: Pick<Log, 'startRun'>;
  /** Receive every message of every stream. */
  readonly sinks: Pick<FanOut, 'publish'>;
  readonly model: string;
  readonly limits: Limits;
  /** The cost of a stream of `startTracker`. Default: 0. */
  readonly cost?: number | undefined;
  /** Cores that the streams may use. Default: any number, so that `limits.streams` alone counts. */
  readonly cores?: number | undefined;
  /** Of the model of `startTracker`. */
  readonly fingerprint?: string | undefined;
  /** States from before a restart of the program. Default: every stream starts anew. */
  readonly restart?: Pick<WarmRestart, 'take'>;
  /** Send mel frames to the clients that watch them. */
  readonly spectrograms?: Pick<Spectrograms, 'started' | 'ended'>;
  /** Active alerts, for the list of streams. */
  readonly alerts?: Pick<Alerts, 'active' | 'forget'>;
  /** Profiles in use, for the list of streams. */
  readonly profiles?: Pick<StreamProfiles, 'of' | 'planned' | 'forget'>;
  /** Notices that the clock was set. */
  readonly clock?: Pick<ClockChanges, 'check'>;
  /** Where a stream is set, for the list of streams. */
  readonly from?: (stream: string) => StreamInfo['from'];
  /** The names that a stream had before, for the list of streams. */
  readonly formerly?: (stream: string) => readonly FormerName[];
  /** Called when a stream leaves the list because it was removed or renamed. */
  readonly onRemoved?: (notice: StreamRemoved) => void;
}

/** A running stream. */
export interface RunningStream {
  readonly run: number;
  stop(because: StopReason): void;
  /** Resolves when `stream-stopped` is published. */
  readonly ended: Promise<void>;
  /** Why it does not run, in one sentence; null if it does. */
  readonly message: string | null;
}
