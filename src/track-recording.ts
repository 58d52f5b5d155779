import { loadActivityDetector } from './model/activity/activity-detector.ts';
import { type EngineName, loadEngine } from './model/engine.ts';
import { loadModel } from './model/load.ts';
import { createStepper } from './model/stepper.ts';
import { pulledMessages } from './pulled-messages.ts';
import { loadFft } from './stream/fft.ts';
import type { Source, StreamMessage } from './types.ts';

export interface RecordingOptions {
  /** Name of the stream, as every frame carries it. */
  readonly stream: string;
  /** A model under `models/`, or a folder. */
  readonly model: string;
  readonly engine: EngineName | 'auto';
}

/**
 * The messages of a recording, through the same tracker as live audio, as they are pulled.
 *
 * @throws UserError for an unknown model or engine; faults of the source come as `stream-stopped`
 */
export async function* trackRecording(
  source: Source,
  { stream, model: modelName, engine }: RecordingOptions,
): AsyncGenerator<StreamMessage, void, undefined> {
  const model = await loadModel(modelName, await loadEngine(engine));
  try {
    yield* pulledMessages(source, {
      stream,
      stepper: createStepper(model),
      fft: await loadFft(),
      detector: await loadActivityDetector(),
    });
  } finally {
    model.dispose();
  }
}
