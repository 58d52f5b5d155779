import { catchError, concat, defer, finalize, type Observable, of, share } from 'rxjs';
import { musicFrame, restingFrame } from './emotion-frame.ts';
import {
  type ActivityDetector,
  type ActivityState,
  everySoundIsMusic,
} from './model/activity/activity-detector.ts';
import type { Stepper } from './model/stepper.ts';
import type { Mood } from './mood.ts';
import { concatPull } from './stream/concat-pull.ts';
import type { FftPlans } from './stream/fft.ts';
import { type AnalyzerOutput, StreamAnalyzer, type StreamAnalyzerState } from './stream/stream-analyzer.ts';
import type { EmotionFrame, ModelState, Source, SourceItem, StepWindow, StreamMessage } from './types.ts';
import { UserError } from './user-error.ts';

/** Everything a stream remembers, as one value that survives `structuredClone` and `v8.serialize`. */
export interface TrackerState {
  readonly version: 1;
  readonly analyzer: StreamAnalyzerState;
  readonly model: ModelState;
  readonly activity: ActivityState;
  readonly mood: Mood | null;
}

export interface TrackerOptions {
  /** Name of the stream, as every frame carries it. */
  readonly stream: string;
  readonly stepper: Stepper;
  readonly fft: FftPlans;
  /** Tells speech from music; without one, every sound is music. */
  readonly detector?: ActivityDetector;
  /** Goes on from where another tracker was saved. */
  readonly state?: TrackerState | undefined;
  /** Told of a fault that is not the user's, before the stream stops for it. */
  readonly onFault?: (fault: unknown) => void;
}

export interface Tracker {
  /**
   * The stream's messages, shared: the first subscriber starts the source, the last to leave ends it.
   * Begins with `stream-started`, ends with `stream-stopped` and completes; it never errors.
   */
  readonly messages$: Observable<StreamMessage>;
  /** The state once the chunk in hand is worked off, so that the next chunk of the source goes on from it. */
  save(): Promise<TrackerState>;
  /** Forgets everything heard, as if the stream began anew: step 0 comes next. */
  reset(): void;
}

/**
 * source → mono → mel frames → ring of frames → window every 500 ms → stateful LSTM step → emotion frame.
 *
 * One chunk at a time is pulled from the source and worked off before the next, so nothing queues here
 * and the state is always that of an exact sample. Model steps of all streams meet in the stepper.
 */
export function track(
  source: Source,
  { stream, stepper, fft, detector = everySoundIsMusic, state, onFault = () => {} }: TrackerOptions,
): Tracker {
  const analyzer = new StreamAnalyzer(stream, fft, state?.analyzer, stepper.model.needs);
  let memory = state?.model ?? stepper.model.initialState();
  const hearing = detector.forStream(state?.activity);
  let mood = state?.mood ?? null;
  let chunkInHand: Promise<void> = Promise.resolve();

  const messages$ = concat(
    defer(() => of(analyzer.event('stream-started', `Listening to ${source.uri}.`))),
    concatPull((signal) => source.open(signal), workOff), // source
    defer(() => of(analyzer.event('stream-stopped', 'The source came to its end.'))),
  ).pipe(
    catchError((fault: unknown) => of(stoppedBy(fault))),
    share(), // the one place: all watchers share one inference per step
  );

  function workOff(item: SourceItem): Observable<StreamMessage> {
    const { promise, resolve } = withResolver();
    chunkInHand = promise;
    return concatPull<AnalyzerOutput, StreamMessage>(
      () => analyzer.analyze(item), // mono → mel frames → ring of frames → window every 500 ms
      (heard) => ('mel' in heard ? step(heard) : of(heard)), // stateful LSTM step → emotion frame
    ).pipe(finalize(resolve));
  }

  async function step(window: StepWindow): Promise<EmotionFrame> {
    const activity = hearing.classify(window);
    // The state rests through silence: the model never learned from any, and the music may go on.
    if (activity === 'silence') return restingFrame(stream, window, activity);
    const output = await stepper.step({ window, state: memory });
    // Through speech the model listens on, so that no frame is missing from what it hears when music comes back.
    memory = output.state;
    if (activity === 'speech') {
      mood = null;
      return restingFrame(stream, window, activity);
    }
    const frame = musicFrame(stream, window, output, mood);
    mood = frame.mood;
    return frame;
  }

  function stoppedBy(fault: unknown): StreamMessage {
    if (fault instanceof UserError) {
      return { ...analyzer.event('stream-stopped', fault.message), code: fault.code };
    }
    onFault(fault);
    return {
      ...analyzer.event('stream-stopped', 'An internal fault ended the stream; the log has it.'),
      code: 'internal',
    };
  }

  return {
    messages$,
    async save() {
      await chunkInHand;
      return { version: 1, analyzer: analyzer.state, model: memory, activity: hearing.state, mood };
    },
    reset() {
      analyzer.reset();
      memory = stepper.model.initialState();
      hearing.reset();
      mood = null;
    },
  };
}

function withResolver() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
