import type { AddressGuard } from '../../stream/sources/http/address-guard.ts';
import type { EmotionFrame } from '../../types.ts';
import type { Batch, BatchOptions } from '../delivery-queue.ts';
import type { MappedValue, ValueOptions } from '../mapping/mapping.ts';
import type { SinkFault } from '../sink-fault.ts';
import type { SinkUri } from '../sink-uri.ts';

/** One step of a stream as a sink receives it. */
export interface SinkStep {
  readonly stream: string;
  /** Seconds of audio since the stream began. */
  readonly t: number;
  /** Wall-clock time in ms since 1970. */
  readonly timeMs: number;
  /** The values that are due; none only in a step without a frame. */
  readonly values: readonly MappedValue[];
  /** The whole frame; undefined when the stream has stopped or lost its source. */
  readonly frame: EmotionFrame | undefined;
  /** Whether the stream has ended at this sink: nothing follows until it begins again. */
  readonly isLast: boolean;
}

/** A sink of the configuration, with its secret. */
export interface SinkTarget extends SinkUri {
  readonly user: string | undefined;
  readonly secret: string | undefined;
  /** What is sent: the configured or default values; undefined: whole frames. */
  readonly values: readonly ValueOptions[] | undefined;
}

export interface OpenOptions {
  /** Aborts when the sink is closed: opening must then end. */
  readonly signal: AbortSignal;
  /** Decides which addresses may be connected to. Default: all. */
  readonly guard: AddressGuard | undefined;
}

/** An open connection, file or port. */
export interface SinkConnection {
  /**
   * Sends one step, or a batch of a kind that has `batch`. Resolves with the reason if these steps cannot be sent but
   * the next ones may be. Throws, a SinkFault where it has a code, if the connection is no longer of use.
   */
  send(steps: Batch<SinkStep>): Promise<string | undefined>;
  /** Set if opening shows nothing: the sink counts as up when it has accepted a step. */
  readonly provenBySend?: true;
  /** Resolves with the fault when the connection is lost. Absent: only `send` notices. */
  readonly lost?: Promise<SinkFault>;
  close(): void | Promise<void>;
}

export interface SinkConnector {
  /** Host that it connects to; undefined if it does not use the network. */
  readonly host?: string;
  /** Throws, a SinkFault where it has a code, if the sink cannot be opened now. */
  open(options: OpenOptions): Promise<SinkConnection>;
}

/** One kind of sink that streams can be sent to. The registry is index.ts. */
export interface StreamSinkKind {
  /** The schemes of its URIs, without the colon. */
  readonly schemes: readonly string[];
  /** The form of its URIs, for help texts. */
  readonly usage: string;
  readonly about: string;
  /** A sink as it is given to `--sink`. */
  readonly example: string;
  /** The options after the question mark; undefined: they belong to the address. */
  readonly params: readonly string[] | undefined;
  /** Whether clients of the API may set such a sink. */
  readonly remote: boolean;
  /** Whether old steps are of no use: while it is down, steps are dropped, otherwise they wait. */
  readonly live: boolean;
  /** Steps that may wait; more are dropped. */
  readonly maxQueued: number;
  /** Steps are sent together. Default: one at a time. */
  readonly batch?: BatchOptions;
  /** Keeps something for each stream, such as notes that sound: it gets steps without a frame although they have no values. */
  readonly perStream?: true;
  /** Sends whole frames unless values are configured. */
  readonly wholeFrames: boolean;
  /** What is sent if no values are configured. Default: `DEFAULT_VALUES`. */
  readonly defaults?: readonly ValueOptions[];
  /** Range that numbers are scaled to unless the configuration has another. Default: not scaled. */
  readonly to?: readonly [number, number];
  /**
   * Checks the target. Nothing is opened yet.
   *
   * @throws BadSink
   */
  create(target: SinkTarget): SinkConnector;
}
