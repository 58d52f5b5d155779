import type { Logger } from 'pino';
import type { RecordingAnalyzer } from '../library/analysis/worker-analyzer.ts';
import type { MidiInSettings } from '../sessions/midi-markers.ts';
import type { FanOut } from '../sinks/fan-out.ts';
import type { WebhookSettings } from '../sinks/webhook.ts';
import type { Device } from '../stream/sources/soundcard/devices.ts';
import type { Source } from '../types.ts';
import type { FileAnalyzer } from './analyze/analyze.ts';
import type { Access } from './auth/access.ts';
import type { Tls } from './http/http-server.ts';
import type { Limits } from './limits.ts';
import type { StreamProfiles } from './profiles/stream-profiles.ts';
import type { DailyReport } from './reports/schema.ts';
import type { Hub } from './streams/hub.ts';
import type { StartTracker } from './streams/hub-options.ts';
import type { OpenStream, StreamPlan } from './streams/stream-manager.ts';

export interface ServerOptions {
  readonly startTracker: StartTracker;
  readonly analyzer: FileAnalyzer;
  /** Names for the log and the hello. */
  readonly model: string;
  readonly engine: string;
  /** Folder of the log. */
  readonly dataDir: string;
  /** File of the library. Default: library.db in the data directory. */
  readonly library?: string | undefined;
  /** Sources that are started with the server. */
  readonly sources?: readonly { readonly name: string; readonly source: Source }[];
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** 0 for any free port. Default: 8787. */
  readonly port?: number;
  /** A token that allows everything. With it, every client needs a token. */
  readonly token?: string | undefined;
  /** The file of `undertone token`. Default: tokens.json in the data directory. */
  readonly tokenFile?: string | undefined;
  /** Tokens are always required if `host` is not loopback, or `token` is given. */
  readonly access?: Partial<Access>;
  /** Permanent streams, alert rules, and the sources that clients may add. Default: none. */
  readonly plan?: StreamPlan;
  /** The profiles that the trackers of `startTracker` and `open` use. Default: those of the data directory. */
  readonly profiles?: StreamProfiles;
  /** Opens the streams of the plan and those that clients add. Without it, none can be added. */
  readonly open?: OpenStream;
  /** Lists the sound inputs of this computer. Tests replace it. */
  readonly listDevices?: () => Promise<readonly Device[]>;
  /** Analyzes recordings of the library. Without it, folders can be listed, not scanned. */
  readonly libraryAnalyzer?: () => RecordingAnalyzer;
  /** Records all channels of an input. Tests replace it. */
  readonly openInput?: (device: Device) => Source;
  readonly webhooks?: readonly WebhookSettings[];
  /** Reports of the day before, made each day. */
  readonly reports?: readonly DailyReport[];
  /** A MIDI input that sets markers in sessions. */
  readonly midiIn?: MidiInSettings | undefined;
  /** Encrypts the log. */
  readonly passphrase?: string | undefined;
  /** Without it, the server uses plain HTTP. */
  readonly tls?: Tls | undefined;
  readonly dashboardFolder?: string;
  /** Whether erasing a session also erases the frames of its range, unless the request specifies it. */
  readonly eraseFrames?: boolean;
  /** Lines at the top of every report of a session. */
  readonly letterhead?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Seconds of CPU time that a stream of `startTracker` takes per second of audio. Default: 0. */
  readonly cost?: number;
  /** Cores that the streams may use; a stream that does not fit is refused. Default: any number. */
  readonly cores?: number | undefined;
  /** Of the folder of `startTracker`'s model (model/fingerprint.ts). */
  readonly fingerprint?: string;
  /** Whether streams continue from their states after a restart. Default: true. */
  readonly warmRestart?: boolean;
  readonly logger?: Logger;
}

/** The options that can be changed while the server runs. */
export type Reloadable = Required<Pick<ServerOptions, 'plan' | 'webhooks' | 'access'>> & {
  readonly tls: Tls | undefined;
  readonly midiIn?: MidiInSettings | undefined;
  readonly reports?: readonly DailyReport[];
};

export interface RunningServer {
  /** `http://127.0.0.1:8787/` */
  readonly url: string;
  readonly port: number;
  readonly hub: Hub;
  /** More sinks can be added while the server runs. */
  readonly sinks: Pick<FanOut, 'add' | 'counters'>;
  /** Every route, for tests that request all of them. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /**
   * Applies another configuration; streams that are the same in both continue without a gap.
   *
   * @throws UserError `bad-config`; then nothing is changed
   */
  reload(next: Reloadable): Promise<void>;
  /** Stops the streams, saves their states, closes sinks, sockets and the log; mostly within `limits.closeMs`. */
  close(): Promise<void>;
  /** Writes and closes the log at once, whatever else is still open. */
  closeLog(): void;
}
