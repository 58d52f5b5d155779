import type { EngineName } from '../../model/engine.ts';
import type { Scale } from '../../profiles/profile.ts';
import type { TrackerState } from '../../tracker.ts';
import type { StreamMessage } from '../../types.ts';
import { type ReasonValues, UserError } from '../../user-error.ts';
import type { ForwardedItem } from './forwarded-item.ts';
import type { SourceSpec } from './source-spec.ts';

/**
 * What the main thread and a shard send each other. Audio and frames of a stream whose source is a spec never cross as
 * samples: only its messages do. Times are of the shared clock (util/shared-clock.ts).
 */

/** What a shard is started with. */
export interface ShardSettings {
  readonly engine: EngineName | 'auto';
}

/** An error that a user may see. */
export interface ShardError {
  readonly code: string;
  readonly message: string;
  readonly values?: ReasonValues | undefined;
}

/** What a user may see of an error: all of a UserError, of others only that there was one. */
export function shardErrorOf(error: unknown): ShardError {
  if (error instanceof UserError) {
    const { code, message, values } = error;
    return { code, message, values };
  }
  return { code: 'internal', message: 'An internal error stopped the stream; see the log.' };
}

export interface StartRequest {
  readonly type: 'start';
  /** Number of the stream; unique in the process. */
  readonly id: number;
  readonly name: string;
  readonly model: string;
  /** The source that the shard opens; absent: the main thread sends its items. */
  readonly source?: SourceSpec | undefined;
  readonly uri: string;
  readonly scale: Scale | undefined;
  readonly state?: TrackerState | undefined;
  readonly firstStep?: number | undefined;
}

export type ShardRequest =
  | { readonly type: 'load'; readonly model: string; readonly reply: number }
  | StartRequest
  /** Ends the source; the stream ends after what it has received. */
  | { readonly type: 'stop'; readonly id: number }
  /** Forgets the stream at once, without a message. */
  | { readonly type: 'drop'; readonly id: number }
  | { readonly type: 'items'; readonly id: number; readonly items: readonly ForwardedItem[] }
  | { readonly type: 'end'; readonly id: number; readonly error: ShardError | undefined }
  | { readonly type: 'scale'; readonly id: number; readonly scale: Scale | undefined }
  /** Whether mel frames of the stream are sent. */
  | { readonly type: 'tap'; readonly id: number; readonly on: boolean }
  | { readonly type: 'save'; readonly id: number; readonly reply: number }
  /** Stops a stream whose items the main thread sends after an item. The answer is its state; undefined if it has ended. */
  | { readonly type: 'hold'; readonly id: number; readonly reply: number }
  /** Forgets a stream that is held. The answer is the items that are not analyzed; no more must be sent before. */
  | { readonly type: 'release'; readonly id: number; readonly reply: number };

export type ShardReply =
  | { readonly type: 'ready'; readonly engine: { readonly name: EngineName; readonly description: string } }
  | { readonly type: 'failed'; readonly error: ShardError }
  /** To the requests with `reply`. */
  | { readonly type: 'answer'; readonly reply: number; readonly value?: unknown; readonly error?: ShardError }
  | { readonly type: 'message'; readonly id: number; readonly message: StreamMessage }
  /** Mel frames of the step whose message follows (stream/mel-columns.ts); only while they are tapped. */
  | { readonly type: 'mel'; readonly id: number; readonly columns: Uint8Array }
  /** The stream has emitted its last message. Its state is sent if it was stopped, since it may go on later. */
  | { readonly type: 'ended'; readonly id: number; readonly state?: TrackerState | undefined }
  /** So many items that the main thread sent are analyzed. */
  | { readonly type: 'taken'; readonly id: number; readonly items: number }
  | { readonly type: 'internal-error'; readonly id: number; readonly stack: string }
  /** Share of the time since the last such report in which the thread was busy. */
  | { readonly type: 'busy'; readonly share: number };
