import { join } from 'node:path';
import type { Activity, StepWindow } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { MODELS_FOLDER } from '../load.ts';
import { summaryOf } from '../summary.ts';
import { type ActivityFile, readActivityFile } from './activity-file.ts';
import { decide, isSilent, NO_DECISION, type SpeechDecision } from './decision.ts';
import { type SpeechMemory, SpeechNetwork } from './speech-network.ts';

/** A stream's state in the detector, as one value that can be saved and cloned. */
export interface ActivityState extends SpeechMemory, SpeechDecision {}

/** Classifies each step of one stream as music, speech or silence. */
export interface ActivityClassifier {
  /** A copy: later steps do not change it. */
  readonly state: ActivityState;
  /** Classifies the next step. Call it for every step of the stream in order, silent ones too. */
  classify(window: StepWindow): Activity;
  /** Returns to the state of a new stream. */
  reset(): void;
}

/** The trained network, shared by all streams. It holds no state of any stream. */
export interface ActivityDetector {
  /**
   * @param state the saved state to continue from; absent: a new stream
   * @throws UserError `bad-state` if the state is from another detector
   */
  createClassifier(state?: ActivityState): ActivityClassifier;
}

/** A detector that only measures loudness: every sound is music. */
export const loudnessDetector: ActivityDetector = {
  createClassifier: () => ({
    state: { h: new Float32Array(0), c: new Float32Array(0), ...NO_DECISION },
    classify: (window) => (isSilent(window) ? 'silence' : 'music'),
    reset() {},
  }),
};

/** Creates a detector from its file. It runs in plain JavaScript and takes less time than the mel frames. */
export function createActivityDetector({ network, rule, weights }: ActivityFile): ActivityDetector {
  const shared = new SpeechNetwork(network, weights);

  return {
    createClassifier(state) {
      const memory = {
        h: new Float32Array(network.hidden),
        c: new Float32Array(network.hidden),
      };
      let decided: SpeechDecision = NO_DECISION;
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
        classify(window) {
          // A pause carries no evidence: the decision holds until there is sound.
          if (isSilent(window)) return 'silence';
          decided = decide(rule, decided, shared.step(summaryOf(window), memory));
          return decided.speech ? 'speech' : 'music';
        },
        reset() {
          memory.h.fill(0);
          memory.c.fill(0);
          decided = NO_DECISION;
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
 * Loads a detector.
 *
 * @param folder default: the detector that comes with undertone
 * @throws UserError `bad-model`
 */
export async function loadActivityDetector(
  folder: string = join(MODELS_FOLDER, 'activity'),
): Promise<ActivityDetector> {
  return createActivityDetector(await readActivityFile(folder));
}
