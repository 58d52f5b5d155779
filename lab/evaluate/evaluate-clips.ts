import { filter, from, lastValueFrom, mergeMap, reduce, tap, toArray } from 'rxjs';
import type { Engine } from '../../src/model/engine.ts';
import { loadModel } from '../../src/model/load.ts';
import { createStepper } from '../../src/model/stepper.ts';
import { loadFft } from '../../src/stream/fft.ts';
import { openRecording } from '../../src/stream/sources/index.ts';
import { track } from '../../src/tracker.ts';
import type { EmotionFrame, Source, StreamMessage } from '../../src/types.ts';
import { UserError } from '../../src/user-error.ts';
import type { Clip, Dataset } from '../datasets/dataset.ts';
import { type Mastering, remastered } from '../train/augment/mastering.ts';
import type { EvaluatedStep } from './evaluate.ts';

export interface EvaluatedClip {
  readonly clip: Clip;
  readonly steps: readonly EvaluatedStep[];
  /** Number of labeled steps without a prediction because the tracker detected silence. */
  readonly silent: number;
}

interface EvaluateClipsRequest {
  readonly dataset: Dataset;
  readonly clips: readonly Clip[];
  readonly model: string;
  readonly engine: Engine;
  /** How another master of the clips sounds; absent: as recorded. Its labels are those of the recording at speed 1. */
  readonly mastering?: Mastering;
  readonly onClip?: () => void;
}

/** Clips tracked at the same time, so that their steps share batches. */
const STREAMS = 16;

/**
 * Streams every clip through its own tracker, from a fresh state, and matches emotion frames with labels: the frame at
 * `t` belongs to the label at `start + t`.
 *
 * @throws UserError with the code of the fault when a clip cannot be read to its end
 */
export async function evaluateClips({
  dataset,
  clips,
  model: modelName,
  engine,
  mastering,
  onClip = () => {},
}: EvaluateClipsRequest): Promise<Map<Clip, EvaluatedClip>> {
  const model = await loadModel(modelName, engine);
  const stepper = createStepper(model);
  const fft = await loadFft();
  const evaluateClip = async (clip: Clip): Promise<EvaluatedClip> => {
    const source = masteredSource(clip.path, mastering);
    const { messages$ } = track(source, { stream: 'evaluation', stepper, fft, onInternalError: rethrow });
    const frames = await lastValueFrom(messages$.pipe(tap(failOnFault), filter(isFrame), toArray()));
    return matchLabels(dataset, clip, frames);
  };
  const all$ = from(clips).pipe(
    mergeMap(evaluateClip, STREAMS),
    tap(onClip),
    reduce((map, one) => map.set(one.clip, one), new Map<Clip, EvaluatedClip>()),
  );
  try {
    return await lastValueFrom(all$);
  } finally {
    model.dispose();
  }
}

function masteredSource(path: string, mastering: Mastering | undefined): Source {
  const { source } = openRecording(path);
  return mastering ? { ...source, open: (signal) => remastered(source.open(signal), mastering) } : source;
}

function matchLabels(dataset: Dataset, clip: Clip, frames: readonly EmotionFrame[]): EvaluatedClip {
  const labeled = frames.flatMap((frame) => {
    const label = dataset.label(clip.song, clip.startMs + 1000 * frame.t);
    return label ? [{ frame, label }] : [];
  });
  const steps = labeled.flatMap(({ frame, label }): EvaluatedStep[] => {
    const { valence, arousal, valenceSd, arousalSd, forecast } = frame;
    if (valence === null || arousal === null || valenceSd === null || arousalSd === null) return [];
    const ahead = forecast.map((f) => {
      const later = dataset.label(clip.song, clip.startMs + 1000 * (frame.t + f.horizon));
      return (
        later && {
          label: later,
          predicted: f,
          low: { valence: f.valenceLow, arousal: f.arousalLow },
          high: { valence: f.valenceHigh, arousal: f.arousalHigh },
        }
      );
    });
    return [
      {
        file: clip.path,
        t: frame.t,
        label,
        predicted: { valence, arousal },
        sd: { valence: valenceSd, arousal: arousalSd },
        ahead,
      },
    ];
  });
  return { clip, steps, silent: labeled.length - steps.length };
}

function isFrame(message: StreamMessage): message is EmotionFrame {
  return message.type === 'emotion';
}

/** A clip that cannot be read to its end must not be evaluated by its first part. */
function failOnFault(message: StreamMessage): void {
  if (message.type === 'stream-stopped' && message.code) {
    throw new UserError(message.code, message.message);
  }
}

function rethrow(fault: unknown): never {
  throw fault;
}
