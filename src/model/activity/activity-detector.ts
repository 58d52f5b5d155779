import { join } from 'node:path';
import type { Activity, StepWindow } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { MODELS_FOLDER } from '../load.ts';
import { framesReceived, Summary } from '../summary.ts';
import { type ActivityFile, readActivityFile } from './activity-file.ts';
import { type Decided, decide, isSilent, UNDECIDED } from './decision.ts';
import { type SpeechMemory, SpeechNetwork } from './speech-network.ts';

/** A stream's memory of what it heard of speech and music, as one value that can be kept and cloned. */
export interface ActivityState extends SpeechMemory, Decided {}

/** Says of each step of one stream whether it is music, speech or silence. */
export interface ActivityListener {
  /** A copy: what is heard later does not change it. */
  readonly state: ActivityState;
  /** The steps of a stream in their order; silent ones too. */
  hear(window: StepWindow): Activity;
  /** Forgets everything heard. */
  reset(): void;
}

/** What was learned, shared by all streams; it holds nothing of any. */
export interface ActivityDetector {
  /**
   * @param state of a listener that this one goes on from
   * @throws UserError `bad-state` where another detector made it
   */
  listen(state?: ActivityState): ActivityListener;
}

/** A detector that never hears speech. */
export const everySoundIsMusic: ActivityDetector = {
  listen: () => ({
    state: { h: new Float32Array(0), c: new Float32Array(0), ...UNDECIDED },
    hear: (window) => (isSilent(window) ? 'silence' : 'music'),
    reset() {},
  }),
};

/** Cheap beside the mel frames themselves, on every machine, as it asks no engine (docs/activity.md). */
export function createActivityDetector({ network, rule, weights }: ActivityFile): ActivityDetector {
  const shared = {
    network: new SpeechNetwork(network, weights),
    summary: new Summary(),
    row: new Float32Array(network.inputs),
  };

  return {
    listen(state) {
      const memory = {
        h: new Float32Array(network.hidden),
        c: new Float32Array(network.hidden),
      };
      let decided: Decided = UNDECIDED;
      if (state) {
        if (state.h.length !== network.hidden || state.c.length !== network.hidden) throw foreignState();
        memory.h.set(state.h);
        memory.c.set(state.c);
        decided = { evidence: state.evidence, speech: state.speech };
      }
      return {
        get state() {
          return { h: memory.h.slice(), c: memory.c.slice(), ...decided };
        },
        hear(window) {
          // A pause says nothing of what comes after it: what was decided rests until there is sound.
          if (isSilent(window)) return 'silence';
          shared.summary.write(window.mel, framesReceived(window.step), shared.row, 0);
          decided = decide(rule, decided, shared.network.step(shared.row, memory));
          return decided.speech ? 'speech' : 'music';
        },
        reset() {
          memory.h.fill(0);
          memory.c.fill(0);
          decided = UNDECIDED;
        },
      };
    },
  };
}

function foreignState(): UserError {
  return new UserError(
    'bad-state',
    'The saved state of this stream was made by another version of the speech detector; reset the stream.',
  );
}

/**
 * Loads the detector that comes with undertone, or another one.
 *
 * @throws UserError `bad-model`
 */
export async function loadActivityDetector(
  folder: string = join(MODELS_FOLDER, 'activity'),
): Promise<ActivityDetector> {
  return createActivityDetector(await readActivityFile(folder));
}
