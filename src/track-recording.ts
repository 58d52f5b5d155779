import { loadActivityDetector } from './model/activity/load-activity.ts';
import { type EngineName, loadEngine } from './model/engine.ts';
import { loadModel } from './model/load.ts';
import { createStepper } from './model/stepper.ts';
import { loadFft } from './stream/fft.ts';
import { track } from './tracker.ts';
import type { Source, StreamMessage } from './types.ts';

export interface RecordingOptions {
  /** Name of the stream, as every frame carries it. */
  readonly stream: string;
  /** A model under `models/`, or a folder. */
  readonly model: string;
  readonly engine: EngineName | 'auto';
}

/**
 * The messages of a recording, through the same tracker as live audio. They are pulled: a chunk is read
 * from the source only when all messages of the one before were taken, so a slow reader slows the reading.
 *
 * @throws UserError for an unknown model or engine; faults of the source come as `stream-stopped`
 */
export async function* trackRecording(
  source: Source,
  { stream, model: modelName, engine }: RecordingOptions,
): AsyncGenerator<StreamMessage, void, undefined> {
  const model = await loadModel(modelName, await loadEngine(engine));
  const waiting: StreamMessage[] = [];
  const arrived = new Bell();
  const taken = new Bell();
  const pulled: Source = {
    uri: source.uri,
    async *open(signal) {
      for await (const item of source.open(signal)) {
        yield item;
        while (waiting.length > 0) await taken.rung();
      }
    },
  };
  const tracker = track(pulled, {
    stream,
    stepper: createStepper(model),
    fft: await loadFft(),
    detector: await loadActivityDetector(),
  });
  let ended = false;
  const subscription = tracker.messages$.subscribe({
    next: (message) => {
      waiting.push(message);
      arrived.ring();
    },
    complete: () => {
      ended = true;
      arrived.ring();
    },
  });
  try {
    while (waiting.length > 0 || !ended) {
      const message = waiting.shift();
      if (message) yield message;
      else await arrived.rung();
      if (waiting.length === 0) taken.ring();
    }
  } finally {
    subscription.unsubscribe();
    taken.ring();
    model.dispose();
  }
}

/** Wakes the one who waits for it. */
class Bell {
  #wake = () => {};

  ring(): void {
    this.#wake();
  }

  rung(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
