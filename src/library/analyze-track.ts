import type { ActivityDetector } from '../model/activity/activity-detector.ts';
import type { Stepper } from '../model/stepper.ts';
import type { FftPlans } from '../stream/fft.ts';
import { pullMessages } from '../tracking/pull-tracker.ts';
import type { EmotionFrame, Source } from '../types.ts';
import { UserError } from '../user-error.ts';
import { type Ending, EndingListener, type Opening, openingIsOver, openingOf } from './passages.ts';

/** What tracks are heard with; shared, so that those heard side by side share batches. */
export interface Ears {
  readonly stepper: Stepper;
  readonly fft: FftPlans;
  readonly detector: ActivityDetector;
  /** Ends all hearing. */
  readonly signal?: AbortSignal;
}

/** A track, and what faults call it. */
export interface Track {
  readonly name: string;
  readonly source: Source;
}

/** A track that has nothing but silence and speech for so long is not waited for. */
export const PATIENCE_SECONDS = 300;

/**
 * Listens to a track to its end.
 *
 * @throws UserError `no-music` where it has none, and for one that cannot be heard to its end
 */
export async function hearEnding(track: Track, ears: Ears): Promise<Ending> {
  const listener = new EndingListener();
  for await (const frame of framesOf(track, ears)) listener.hear(frame);
  const { ending } = listener;
  if (ending) return ending;
  throw new UserError('no-music', `${track.name} has no music: an ending of music is expected.`);
}

/**
 * Listens to a track until its opening has been heard.
 *
 * @param seconds of music to hear
 * @param least seconds of music without which there is nothing to judge by
 * @throws UserError `no-music`, `too-short`, and for one that cannot be heard so far
 */
export async function hearOpening(
  track: Track,
  seconds: number,
  least: number,
  ears: Ears,
): Promise<Opening> {
  const frames: EmotionFrame[] = [];
  for await (const frame of framesOf(track, ears)) {
    frames.push(frame);
    if (openingIsOver(frames, seconds)) break;
    if (frame.t >= PATIENCE_SECONDS + seconds) break;
  }
  const opening = openingOf(frames, seconds);
  const heard = frames.at(-1)?.t ?? 0;
  if (!opening) {
    const where = heard >= PATIENCE_SECONDS ? `in its first ${heard / 60} min` : `in its ${heard} s`;
    throw new UserError(
      'no-music',
      `${track.name} has no music ${where}: silence or speech was heard alone.`,
    );
  }
  const { at } = opening.path.at(-1)!;
  if (at >= least) return opening;
  throw new UserError(
    'too-short',
    `${track.name} has ${at} s of music: at least ${least} s are expected to know how it begins.`,
  );
}

async function* framesOf(
  { name, source }: Track,
  { stepper, fft, detector, signal }: Ears,
): AsyncGenerator<EmotionFrame> {
  let fault: unknown;
  const onFault = (arisen: unknown) => {
    fault = arisen;
  };
  const options = { stream: name, stepper, fft, detector, onInternalError: onFault };
  for await (const message of pullMessages(source, options)) {
    signal?.throwIfAborted();
    if (fault) throw fault;
    if (message.type === 'emotion') yield message;
    if (message.type === 'stream-stopped' && message.code) throw new UserError(message.code, message.message);
  }
}
