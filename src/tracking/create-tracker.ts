import type { Observable } from 'rxjs';
import type { EngineName } from '../model/engine.ts';
import { shareModel } from '../model/shared-model.ts';
import { loadFft } from '../stream/fft.ts';
import { openRecording } from '../stream/sources/index.ts';
import { checkStreamName } from '../stream/sources/source-uri.ts';
import type { TrackerState } from '../tracker.ts';
import type { EmotionFrame, Source, StreamMessage } from '../types.ts';
import { UserError } from '../user-error.ts';
import { type Messages, observe, transform, watchSource } from './message-forms.ts';
import { type PulledTracker, pullTracker } from './pulled-messages.ts';
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
} from './track-input.ts';

export interface AnalyzeOptions {
  /** Name of the stream, as every message carries it. Default: `stream`; of `analyzeFile`: from the file's name. */
  readonly stream?: string;
  /** `undertone` (the default, the most accurate), `undertone-lite`, or the folder of a model. */
  readonly model?: string;
  /** `auto` (the default) is the engine in use, else the best one installed. A process has one engine. */
  readonly engine?: EngineName | 'auto';
}

export interface EmotionTrackerOptions extends AnalyzeOptions {
  /** What `save()` of a tracker with the same model returned: the stream goes on from there. */
  readonly state?: TrackerState;
}

/**
 * One stream: it remembers what it analyzed, and takes one input at a time. A second input goes on where the
 * first ended (`seq` and `t` too), unless `reset` comes between them.
 *
 * Every input gives `stream-started`, an emotion frame for each 500 ms of audio, and `stream-stopped`. When the
 * input fails, `stream-stopped` has a `code` and the iterator, observable or stream then fails with the error.
 */
export interface EmotionTracker extends AsyncDisposable {
  readonly stream: string;
  /** Name of the model. */
  readonly model: string;
  /** `gpu`, `node`, `wasm` or `cpu`. */
  readonly engine: string;

  /**
   * Reads the input no faster than messages are taken, and holds at most half a second of it decoded.
   *
   * @throws UserError at once for wrong options; `tracker-busy`, `bad-state` and faults of the input at `next`
   */
  track(input: SourceInput, options?: SourceInputOptions): Messages;
  track(input: PcmInput, options: PcmOptions): Messages;

  /** The same as a shared observable: the first subscriber starts the input, the last to leave ends it. */
  observe(input: SourceInput, options?: SourceInputOptions): Observable<StreamMessage>;
  observe(input: PcmInput, options: PcmOptions): Observable<StreamMessage>;

  /** The same as a web stream: PCM in, messages out. It accepts a piece when a message is read. */
  transform(options: PcmOptions): TransformStream<PcmChunk, StreamMessage>;

  /**
   * All that the stream remembers, once the chunk in work is done; it includes the frame taken last. The value
   * survives `structuredClone` and `v8.serialize`, but not JSON.
   */
  save(): Promise<TrackerState>;
  /** Forgets everything: the next sample is the first of step 0. */
  reset(): void;
  /** Ends the input and frees the model, unless other trackers use it. Calling it again does nothing. */
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
  checkOptions('createTracker', options, ['stream', 'model', 'engine', 'state']);
  const { stream = 'stream', model = 'undertone', engine = 'auto', state } = options;
  checkStreamName(stream);
  if (state !== undefined) checkState(state);
  const fft = await loadFft();
  const { stepper, detector, release } = await shareModel(model, engine);

  /** Of the present input, else of the one before: it has the stream's memory. */
  let current: PulledTracker;
  let running: Messages | undefined;
  let closing: Promise<void> | undefined;
  try {
    current = open(NOTHING, { state });
  } catch (fault) {
    await release();
    throw fault;
  }

  function open(
    source: Source,
    from: { state: TrackerState | undefined; onFault?: (fault: unknown) => void },
  ) {
    return pullTracker(source, { stream, stepper, fft, detector, ...from });
  }

  function messagesOf(source: Source): Messages {
    const input = watchSource(source);
    let tracker: PulledTracker | undefined;
    let left = false;

    async function* read(): AsyncGenerator<StreamMessage, undefined> {
      if (closing) throw new UserError('tracker-closed', `The tracker of "${stream}" is closed.`);
      if (running) throw new UserError('tracker-busy', `The tracker of "${stream}" has an input already.`);
      running = messages;
      try {
        const state = await current.save();
        if (left) return;
        tracker = current = open(input.source, { state, onFault: input.onFault });
        for await (const message of tracker.messages) {
          yield message;
          if (message.type === 'stream-stopped' && message.code !== undefined)
            throw input.fault() ?? new UserError(message.code, message.message);
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
        left = true;
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
      return observe(() => messagesOf(source));
    },
    transform: (options) => transform((pcm) => track(pcm, options)),
    save: () => current.save(),
    reset: () => current.reset(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * The emotion frames of a recording, the same as `undertone track` writes, as fast as they are taken.
 *
 * @param file a path or a web address
 * @example
 * for await (const { t, mood } of analyzeFile('song.ogg')) console.log(t, mood);
 *
 * @throws UserError as `createTracker` does, and `no-file`, `bad-file`, `bad-audio`, `truncated-audio` and others
 *   after the frames that could be read
 */
export async function* analyzeFile(
  file: string | URL,
  options: AnalyzeOptions = {},
): AsyncGenerator<EmotionFrame, void, undefined> {
  checkOptions('analyzeFile', options, ['stream', 'model', 'engine']);
  const { source, name } = openRecording(String(file));
  const tracker = await createTracker({ ...options, stream: options.stream ?? name });
  try {
    for await (const message of tracker.track(source)) if (message.type === 'emotion') yield message;
  } finally {
    await tracker.close();
  }
}

const NOTHING: Source = { uri: 'none:', async *open() {} };

/** @throws UserError `bad-state` for what `save` did not return, or what lost its typed arrays on the way */
function checkState(state: TrackerState): void {
  const model = state?.version === 1 ? state.model : undefined;
  if (model && Object.values(model).every((array) => array instanceof Float32Array)) return;
  throw new UserError(
    'bad-state',
    'The option state is not what save() returned: keep it with v8.serialize or structuredClone, as JSON loses its typed arrays.',
  );
}
