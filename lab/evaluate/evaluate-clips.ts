import { filter, from, lastValueFrom, mergeMap, reduce, tap, toArray } from 'rxjs';
import type { Engine } from '../../src/model/engine.ts';
import { loadModel } from '../../src/model/load.ts';
import { createStepper } from '../../src/model/stepper.ts';
import { loadFft } from '../../src/stream/fft.ts';
import { openRecording } from '../../src/stream/sources/index.ts';
import { track } from '../../src/tracker.ts';
import type { EmotionFrame, StreamMessage } from '../../src/types.ts';
import { UserError } from '../../src/user-error.ts';
import type { Clip, Dataset } from '../datasets/dataset.ts';
import type { ScoredStep } from './evaluate.ts';

export interface JudgedClip {
  readonly clip: Clip;
  readonly steps: readonly ScoredStep[];
  /** Labelled steps in which the tracker heard silence and said nothing. */
  readonly silent: number;
}

export interface JudgeRequest {
  readonly dataset: Dataset;
  readonly clips: readonly Clip[];
  readonly model: string;
  readonly engine: Engine;
  readonly onClip?: () => void;
}

/** Clips tracked side by side, so that their steps share batches. */
const STREAMS = 16;

/**
 * Streams every clip through a tracker of its own, from a fresh state, and lays what it said beside the
 * labels: the frame at `t` belongs to the label at `start + t`.
 */
export async function judgeClips({
  dataset,
  clips,
  model: modelName,
  engine,
  onClip = () => {},
}: JudgeRequest): Promise<Map<Clip, JudgedClip>> {
  const model = await loadModel(modelName, engine);
  const stepper = createStepper(model);
  const fft = await loadFft();
  const judgeOne = async (clip: Clip): Promise<JudgedClip> => {
    const { source } = openRecording(clip.path);
    const { messages$ } = track(source, { stream: 'evaluation', stepper, fft, onInternalError: rethrow });
    const frames = await lastValueFrom(messages$.pipe(tap(failOnFault), filter(isFrame), toArray()));
    return judged(dataset, clip, frames);
  };
  const all$ = from(clips).pipe(
    mergeMap(judgeOne, STREAMS),
    tap(onClip),
    reduce((map, one) => map.set(one.clip, one), new Map<Clip, JudgedClip>()),
  );
  try {
    return await lastValueFrom(all$);
  } finally {
    model.dispose();
  }
}

function judged(dataset: Dataset, clip: Clip, frames: readonly EmotionFrame[]): JudgedClip {
  const labelled = frames.flatMap((frame) => {
    const label = dataset.label(clip.song, clip.startMs + 1000 * frame.t);
    return label ? [{ frame, label }] : [];
  });
  const steps = labelled.flatMap(({ frame, label }): ScoredStep[] => {
    const { valence, arousal, valenceSd, arousalSd, forecast } = frame;
    if (valence === null || arousal === null || valenceSd === null || arousalSd === null) return [];
    const ahead = forecast.map((f) => {
      const later = dataset.label(clip.song, clip.startMs + 1000 * (frame.t + f.horizon));
      return (
        later && {
          label: later,
          said: f,
          low: { valence: f.valenceLow, arousal: f.arousalLow },
          high: { valence: f.valenceHigh, arousal: f.arousalHigh },
        }
      );
    });
    return [{ label, said: { valence, arousal }, sd: { valence: valenceSd, arousal: arousalSd }, ahead }];
  });
  return { clip, steps, silent: labelled.length - steps.length };
}

function isFrame(message: StreamMessage): message is EmotionFrame {
  return message.type === 'emotion';
}

/** A clip that cannot be heard to its end must not be judged by the part that could. */
function failOnFault(message: StreamMessage): void {
  if (message.type === 'stream-stopped' && message.code) {
    throw new UserError(message.code, message.message);
  }
}

function rethrow(fault: unknown): never {
  throw fault;
}
