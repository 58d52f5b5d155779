import { catchError, concat, defer, EMPTY, type Observable, type ObservableInput, of, share } from 'rxjs';
import { musicFrame, nonMusicFrame } from './emotion-frame.ts';
import {
  type ActivityDetector,
  type ActivityState,
  loudnessDetector,
} from './model/activity/activity-detector.ts';
import { EarlyStep } from './model/early-step.ts';
import type { Stepper } from './model/stepper.ts';
import { MoodHold, type MoodState } from './mood-hold.ts';
import { SegmentEvents } from './segment-events.ts';
import type { FftPlans } from './stream/fft.ts';
import { type MelListener, melColumns } from './stream/mel-columns.ts';
import { isLong, passages } from './stream/passage.ts';
import { concatPull } from './stream/pull.ts';
import { type AnalyzerOutput, StreamAnalyzer, type StreamAnalyzerState } from './stream/stream-analyzer.ts';
import { type OpenTrack, TrackSummaries } from './track-summaries.ts';
import type {
  Activity,
  EmotionFrame,
  ModelOutput,
  ModelState,
  Source,
  SourceItem,
  StepWindow,
  StreamMessage,
} from './types.ts';
import { UserError } from './user-error.ts';
import { deferred } from './util/deferred.ts';

export interface TrackerOptions {
  /** Name of the stream; every message carries it. */
  readonly stream: string;
  /** The model. Trackers that share a stepper run their steps in one batch. */
  readonly stepper: Stepper;
  readonly fft: FftPlans;
  /** Separates speech from music. Default: every sound is music. */
  readonly detector?: ActivityDetector;
  /** Puts each prediction on the scale of a profile (profiles/apply-scale.ts). Default: the model's own scale. */
  readonly calibrate?: ((output: ModelOutput) => ModelOutput) | undefined;
  /** The state that `save` of another tracker returned: the stream continues from it. */
  readonly state?: TrackerState | undefined;
  /**
   * The step from which the stream continues, if that is after the one of `state`: time goes on there, though the steps
   * between are missing. Default: the step of `state`, else 0.
   */
  readonly firstStep?: number | undefined;
  /** Called with an error that is not a UserError, before the stream stops because of it. */
  readonly onInternalError?: (error: unknown) => void;
}

export interface Tracker {
  /**
   * The stream's messages, shared: the first subscriber opens the source, the last to unsubscribe closes it.
   * They begin with `stream-started` and end with `stream-stopped`. The observable completes and never errors.
   */
  readonly messages$: Observable<StreamMessage>;
  /** The state after the chunk that is being processed: the next chunk of the source continues from it. */
  save(): Promise<TrackerState>;
  /** Sends the mel frames of each step from now on, before the step's own message. It costs nothing without a listener. */
  tapMel(listener: MelListener): void;
  /** Returns to the state of a new stream: the next step is step 0. */
  reset(): void;
}

/** The whole state of a stream as one value. It survives `structuredClone` and `v8.serialize`, but not JSON. */
export interface TrackerState {
  readonly version: typeof STATE_VERSION;
  readonly analyzer: StreamAnalyzerState;
  readonly model: ModelState;
  readonly activity: ActivityState;
  readonly mood: MoodState;
  /** Steps since the last segment. */
  readonly segmentSteps?: number;
  /** The track that is playing; absent: none is named. */
  readonly track?: OpenTrack;
}

/** Incremented when states that the previous version saved can no longer be restored. */
export const STATE_VERSION = 5;

/**
 * source → mono → mel frames → ring of frames → window every 500 ms → stateful LSTM step → emotion frame.
 *
 * One chunk is pulled from the source and processed before the next is pulled. So nothing queues here, and the
 * state always belongs to an exact sample.
 *
 * @throws UserError `bad-state` for a state that another version of undertone saved
 */
export function track(
  source: Source,
  {
    stream,
    stepper,
    fft,
    detector = loudnessDetector,
    calibrate = (output) => output,
    state,
    firstStep,
    onInternalError = () => {},
  }: TrackerOptions,
): Tracker {
  if (state) checkVersion(state);
  const { model } = stepper;
  const analyzer = new StreamAnalyzer(stream, fft, state?.analyzer, model.needs, firstStep);
  const classifier = detector.createClassifier(state?.activity);
  let modelState = state?.model ?? model.initialState();
  const early = new EarlyStep(stepper, () => ({ window: analyzer.unfinished, state: modelState }));
  const mood = new MoodHold(state?.mood);
  const tracks = new TrackSummaries(state?.track);
  const segments = new SegmentEvents(state?.segmentSteps);
  // Pending while a chunk is processed: `save()` waits for it, so that the state belongs to the end of a chunk.
  let processing: Promise<void> = Promise.resolve();
  let onMel: MelListener;

  const isNew = !state?.analyzer.extractor && firstStep === undefined;
  const open = (signal: AbortSignal) =>
    source.open(signal, isNew ? { stream, needs: model.needs } : undefined);

  const messages$ = concat(
    defer(() => of(analyzer.event('stream-started', `Started with the source ${source.uri}`))),
    concatPull(open, processItem), // source
    defer(() => of(analyzer.event('stream-stopped', 'The source ended.'))),
  ).pipe(
    catchError((error: unknown) => of(stoppedBy(error))),
    segments.operator,
    tracks.operator,
    share(), // the only share: all subscribers get the same inference
  );

  function processItem(item: SourceItem): ObservableInput<StreamMessage> {
    // The signal path is in stream/feature-extractor.ts.
    const outputs = analyzer.analyze(item); // → mono → mel frames → ring of frames → window every 500 ms
    if (stepper.run && isLong(item)) return messagesOfPassages(passages(outputs));
    if (stepper.run && item.type === 'analyzed') return messagesOfPassages([[...outputs]]);
    const first = outputs.next();
    if (!first.done) return messagesOf(first.value, outputs);
    // Most chunks end no step, so there is nothing to wait for.
    early.request();
    return EMPTY;
  }

  async function* messagesOf(first: AnalyzerOutput, rest: Iterable<AnalyzerOutput>) {
    const { promise, resolve: done } = deferred<void>();
    processing = promise;
    try {
      yield 'mel' in first ? await step(first) : first; // → stateful LSTM step → emotion frame
      for (const output of rest) yield 'mel' in output ? await step(output) : output;
    } finally {
      done();
    }
  }

  /** The messages of a long chunk: its steps are computed together, which takes less time than one by one. */
  async function* messagesOfPassages(parts: Iterable<readonly AnalyzerOutput[]>) {
    const { promise, resolve: done } = deferred<void>();
    processing = promise;
    try {
      for (const passage of parts) {
        const windows = passage.filter((output) => 'mel' in output);
        const activities = new Map(windows.map((window) => [window, classify(window)]));
        const sounding = windows.filter((window) => activities.get(window) !== 'silence');
        const predicted = sounding.length > 0 ? await stepper.run!(sounding, modelState) : [];
        modelState = predicted.at(-1)?.state ?? modelState;
        const outputOf = new Map(sounding.map((window, i) => [window, predicted[i]!]));
        for (const output of passage) {
          yield 'mel' in output ? frameOf(output, activities.get(output)!, outputOf.get(output)) : output;
        }
      }
    } finally {
      done();
    }
  }

  async function step(window: StepWindow): Promise<EmotionFrame> {
    const activity = classify(window);
    const begun = early.take();
    // The model was trained on music only, so its state does not change during silence.
    if (activity === 'silence') return frameOf(window, activity, undefined);
    const output = await stepper.step({ window, state: modelState, early: begun });
    modelState = output.state;
    return frameOf(window, activity, output);
  }

  function classify(window: StepWindow): Activity {
    onMel?.(melColumns(window));
    return classifier.classify(window);
  }

  /** @param output absent during silence */
  function frameOf(window: StepWindow, activity: Activity, output: ModelOutput | undefined): EmotionFrame {
    // During speech the model's state does change: when the music returns, no window is missing.
    if (output && segments.step(output)) mood.beginPiece();
    if (!output || activity !== 'music') {
      mood.rest();
      return nonMusicFrame(stream, window, activity === 'music' ? 'silence' : activity);
    }
    const reading = calibrate(output);
    const { valence, arousal, valenceSd, arousalSd } = reading;
    return musicFrame(stream, window, reading, mood.step(valence, arousal, valenceSd, arousalSd));
  }

  function stoppedBy(error: unknown): StreamMessage {
    if (error instanceof UserError) {
      const { code, message, values } = error;
      return { ...analyzer.event('stream-stopped', message), code, ...(values && { values }) };
    }
    onInternalError(error);
    return {
      ...analyzer.event('stream-stopped', 'An internal error stopped the stream; see the log.'),
      code: 'internal',
    };
  }

  return {
    messages$,
    async save() {
      await processing;
      return {
        version: STATE_VERSION,
        analyzer: analyzer.state,
        model: modelState,
        activity: classifier.state,
        mood: mood.state,
        segmentSteps: segments.state,
        ...(tracks.state && { track: tracks.state }),
      };
    },
    tapMel(listener) {
      onMel = listener;
    },
    reset() {
      analyzer.reset();
      modelState = model.initialState();
      classifier.reset();
      mood.reset();
      tracks.reset();
      segments.reset();
    },
  };
}

function checkVersion({ version }: TrackerState): void {
  if (version === STATE_VERSION) return;
  throw new UserError(
    'bad-state',
    'The saved state of this stream is from another version of undertone: start the stream without it.',
  );
}
