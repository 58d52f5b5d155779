import type { Observable } from 'rxjs';
import type { EngineName } from '../model/engine.ts';
import { shareModel } from '../model/shared-model.ts';
import { applyScale } from '../profiles/apply-scale.ts';
import { type Scale, scaleSchema } from '../profiles/profile.ts';
import { loadFft } from '../stream/fft.ts';
import { longChunks } from '../stream/long-chunks.ts';
import { openRecording } from '../stream/sources/index.ts';
import { checkStreamName } from '../stream/sources/source-uri.ts';
import type { TrackerState } from '../tracker.ts';
import type { EmotionFrame, ModelOutput, Source, StreamMessage } from '../types.ts';
import { UserError } from '../user-error.ts';
import { type Messages, toObservable, toTransformStream } from './message-streams.ts';
import { type PullTracker, pullTracker } from './pull-tracker.ts';
import {
  checkOptions,
  type PcmChunk,
  type PcmInput,
  type PcmOptions,
  type SourceInput,
  type SourceInputOptions,
  type TrackInput,
  type TrackInputOptions,
  toSource,
  watchSource,
} from './track-input.ts';

export interface AnalyzeOptions {
  /** Name of the stream; every message carries it. Default: `stream`; for `analyzeFile`, from the file's name. */
  readonly stream?: string;
  /** `undertone` (the default, the most accurate), `undertone-lite`, or the path of a model's folder. */
  readonly model?: string;
  /** `auto` (the default): the engine in use, else the best one installed. A process uses one engine at a time. */
  readonly engine?: EngineName | 'auto';
  /** Offset and slope of each axis, to put the readings on another scale. Default: the model's own scale. */
  readonly scale?: Scale;
}

export interface EmotionTrackerOptions extends AnalyzeOptions {
  /** The state that `save()` of a tracker with the same model returned: the stream continues from it. */
  readonly state?: TrackerState;
}

/**
 * One stream. It accepts one input at a time. The next input continues where the one before ended (also `seq` and
 * `t`), unless `reset` is called in between.
 *
 * Every input emits `stream-started`, an emotion frame for each 500 ms of audio, and `stream-stopped`. When the input
 * fails, `stream-stopped` has a `code`, and then the iterator, observable or stream fails with the error.
 */
export interface EmotionTracker extends AsyncDisposable {
  readonly stream: string;
  /** Name of the model. */
  readonly model: string;
  /** `gpu`, `node`, `wasm` or `cpu`. */
  readonly engine: string;

  /**
   * Tracks an input. It is read no faster than the messages are pulled; at most half a second is held decoded.
   *
   * @throws UserError at once for wrong options; from `next`: `tracker-busy`, `tracker-closed`, `bad-state` and the
   *   errors of the input
   */
  track(input: SourceInput, options?: SourceInputOptions): Messages;
  track(input: PcmInput, options: PcmOptions): Messages;

  /** The same as a shared observable: the first subscriber opens the input, the last to unsubscribe closes it. */
  observe(input: SourceInput, options?: SourceInputOptions): Observable<StreamMessage>;
  observe(input: PcmInput, options: PcmOptions): Observable<StreamMessage>;

  /** The same as a web stream: PCM in, messages out. It accepts the next piece when a message is read. */
  transform(options: PcmOptions): TransformStream<PcmChunk, StreamMessage>;

  /**
   * The whole state of the stream, after the chunk that is being processed; it includes the last frame that was
   * pulled. The value survives `structuredClone` and `v8.serialize`, but not JSON.
   */
  save(): Promise<TrackerState>;
  /** Returns to the state of a new stream: the next sample is the first of step 0. */
  reset(): void;
  /** Closes the input and frees the model, unless other trackers use it. Calling it again does nothing. */
  close(): Promise<void>;
}

/**
 * Creates a tracker. Trackers of the same model share its weights.
 *
 * @example
 * await using tracker = await createTracker({ model: 'undertone-lite' });
 * for await (const message of tracker.track('song.ogg'))
 *   if (message.type === 'emotion') console.log(message.t, message.valence, message.arousal);
 *
 * @throws UserError `bad-option`, `bad-stream-name`, `bad-state`, `unknown-model`, `bad-model`, `unknown-engine`,
 *   `engine-not-installed`, `engine-broken`, `engine-in-use`
 */
export async function createTracker(options: EmotionTrackerOptions = {}): Promise<EmotionTracker> {
  checkOptions('createTracker', options, ['stream', 'model', 'engine', 'scale', 'state']);
  const { stream = 'stream', model = 'undertone', engine = 'auto', scale, state } = options;
  checkStreamName(stream);
  const calibrate = scale && calibration(scale);
  if (state !== undefined) checkState(state);
  const fft = await loadFft();
  const { stepper, detector, release } = await shareModel(model, engine);

  /** The tracker of the current input, else of the one before: it has the stream's state. */
  let current: PullTracker;
  let running: Messages | undefined;
  let closing: Promise<void> | undefined;
  try {
    current = open(EMPTY_SOURCE, { state });
  } catch (error) {
    await release();
    throw error;
  }

  function open(
    source: Source,
    from: { state: TrackerState | undefined; onInternalError?: (error: unknown) => void },
  ) {
    return pullTracker(source, { stream, stepper, fft, detector, calibrate, ...from });
  }

  function messagesOf(source: Source): Messages {
    const input = watchSource(source);
    let tracker: PullTracker | undefined;
    let returned = false;

    async function* read(): AsyncGenerator<StreamMessage, undefined> {
      if (closing) throw new UserError('tracker-closed', `The tracker of "${stream}" is closed.`);
      if (running) throw new UserError('tracker-busy', `The tracker of "${stream}" has an input already.`);
      running = messages;
      try {
        const state = await current.save();
        if (returned) return;
        tracker = current = open(input.source, { state, onInternalError: input.onInternalError });
        for await (const message of tracker.messages) {
          yield message;
          if (message.type === 'stream-stopped' && message.code !== undefined)
            throw input.error() ?? new UserError(message.code, message.message);
        }
      } finally {
        await input.closed();
        running = undefined;
      }
    }

    const reading = read();
    const messages: Messages = {
      next: () => reading.next(),
      return() {
        returned = true;
        tracker?.stop();
        return reading.return(undefined);
      },
      [Symbol.asyncIterator]: () => messages,
    };
    return messages;
  }

  const track = (input: TrackInput, options: TrackInputOptions = {}) => messagesOf(toSource(input, options));

  async function close(): Promise<void> {
    closing ??= (async () => {
      await running?.return();
      await release();
    })();
    return closing;
  }

  return {
    stream,
    model: stepper.model.name,
    engine: stepper.model.engine,
    track,
    observe(input: TrackInput, options: TrackInputOptions = {}) {
      const source = toSource(input, options);
      return toObservable(() => messagesOf(source));
    },
    transform: (options) => toTransformStream((pcm) => track(pcm, options)),
    save: () => current.save(),
    reset: () => current.reset(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * The emotion frames of a recording, as fast as they are pulled: the same that `undertone track` writes.
 *
 * @param file a path or a web address
 * @example
 * for await (const { t, mood } of analyzeFile('song.ogg')) console.log(t, mood);
 *
 * @throws UserError as `createTracker` does; `no-file`, `bad-file`, `unreachable`; after the frames of the audio that
 *   could be decoded, `bad-audio`, `truncated-audio` and others
 */
export async function* analyzeFile(
  file: string | URL,
  options: AnalyzeOptions = {},
): AsyncGenerator<EmotionFrame, void, undefined> {
  checkOptions('analyzeFile', options, ['stream', 'model', 'engine', 'scale']);
  const { source, name } = openRecording(String(file));
  const tracker = await createTracker({ ...options, stream: options.stream ?? name });
  try {
    for await (const message of tracker.track(longChunks(source)))
      if (message.type === 'emotion') yield message;
  } finally {
    await tracker.close();
  }
}

/** @throws UserError `bad-option` */
function calibration(scale: Scale): (output: ModelOutput) => ModelOutput {
  const checked = scaleSchema.safeParse(scale);
  if (checked.success) return (output) => applyScale(checked.data, output);
  throw new UserError(
    'bad-option',
    'The option scale is invalid: expected { valence: { offset, slope }, arousal: { offset, slope } } with slopes above 0.',
  );
}

const EMPTY_SOURCE: Source = { uri: 'none:', async *open() {} };

/** @throws UserError `bad-state` for a value that `save` did not return or that has lost its typed arrays */
function checkState(state: TrackerState): void {
  const model: TrackerState['model'] | undefined = state?.model;
  if (model && Object.values(model).every((array) => array instanceof Float32Array)) return;
  throw new UserError(
    'bad-state',
    'The option state is not what save() returned: store it with v8.serialize or structuredClone, because JSON loses its typed arrays.',
  );
}
