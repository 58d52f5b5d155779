import { setImmediate } from 'node:timers/promises';
import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import { loadActivityDetector } from '../model/activity/activity-detector.ts';
import type { Engine } from '../model/engine.ts';
import { loadModel } from '../model/load.ts';
import { createStepper } from '../model/stepper.ts';
import { loadFft } from '../stream/fft.ts';
import { fileSource } from '../stream/sources/file.ts';
import { UserError } from '../user-error.ts';
import { type Ears, hearEnding, hearOpening, type Track } from './analyze-track.ts';
import type { PassedOver } from './candidates.ts';
import { LEAST_SECONDS } from './distance.ts';
import type { Ending } from './passages.ts';
import type { Heard } from './rank.ts';

export interface Listening {
  readonly after: string;
  readonly files: readonly string[];
  /** Seconds of music of each file. */
  readonly seconds: number;
  readonly model: string;
  readonly engine: Engine;
  /** A file has been heard. */
  readonly onFile?: () => void;
  /** A file could not be. */
  readonly onPassedOver?: (one: PassedOver) => void;
}

export interface HeardTracks {
  readonly ending: Ending;
  /** In the order of the files. */
  readonly openings: readonly Heard[];
}

/** Files tracked side by side, so that their steps share batches. */
const SIDE_BY_SIDE = 16;

/**
 * Tracks the one file to its end and the openings of the others, from fresh states, through the path of live audio.
 * What cannot be ranked is told and left out.
 *
 * @throws UserError where the first file has no ending of music, and for a model that cannot be loaded
 */
export async function hearTracks({
  after,
  files,
  seconds,
  model: modelName,
  engine,
  onFile = () => {},
  onPassedOver = () => {},
}: Listening): Promise<HeardTracks> {
  const model = await loadModel(modelName, engine);
  const stop = new AbortController();
  const ears: Ears = {
    stepper: createStepper(model),
    fft: await loadFft(),
    detector: await loadActivityDetector(),
    signal: stop.signal,
  };
  const openingOf = async (file: string): Promise<Heard | undefined> => {
    try {
      return { file, opening: await hearOpening(trackOf(file), seconds, LEAST_SECONDS, ears) };
    } catch (fault) {
      if (!(fault instanceof UserError) || stop.signal.aborted) throw fault;
      onPassedOver({ file, code: fault.code, message: fault.message });
      return undefined;
    } finally {
      onFile();
    }
  };
  // The longest first, beside the others.
  const ending = hearEnding(trackOf(after), ears).finally(onFile);
  const openings = lastValueFrom(
    from([...files.entries()]).pipe(
      mergeMap(async ([i, file]) => [i, await openingOf(file)] as const, SIDE_BY_SIDE),
      toArray(),
    ),
  );
  try {
    const [ended, heard] = await Promise.all([ending, openings]);
    const inOrder = heard.sort(([a], [b]) => a - b).flatMap(([, one]) => one ?? []);
    return { ending: ended, openings: inOrder };
  } finally {
    stop.abort(); // Without an ending the openings are in vain; the model goes when none of them asks it any more.
    await Promise.allSettled([ending, openings]);
    await setImmediate();
    model.dispose();
  }
}

function trackOf(path: string): Track {
  return { name: path, source: fileSource(`file:${path}`, path, { paced: false }) };
}
