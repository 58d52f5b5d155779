import { distanceOutside, type Mood, moodOf, probabilityNear } from './mood.ts';

/** The state of a MoodHold as a plain value. */
export interface MoodState {
  /** The word of the last reading; null before the first. */
  readonly word: Mood | null;
  /** Evidence for another word, in standard deviations times seconds. */
  readonly evidence: number;
  /** Fading mean of the readings; null before the first and after a step without one. */
  readonly meanValence: number | null;
  readonly meanArousal: number | null;
  /** Steps without a reading since the last one. */
  readonly restSteps: number;
  /** Readings since a piece began, until it is no longer new; null otherwise. */
  readonly pieceSteps: number | null;
}

const START: MoodState = {
  word: null,
  evidence: 0,
  meanValence: null,
  meanArousal: null,
  restSteps: 0,
  pieceSteps: 0,
};

/** Seconds from one reading to the next. */
const STEP_SECONDS = 0.5;
/** A reading outside the word's region by less than this, in standard deviations, is no evidence for another word. */
const SLACK = 0.27;
/** The word changes when the evidence exceeds this, in standard deviations times seconds. */
const LIMIT = 0.54;
/** A piece is new for this many readings (5 s). */
const NEW_STEPS = 10;
/** A reading of a new piece counts as the point that it reaches in this many steps (1.5 s) at its present speed. */
const LEAD_STEPS = 3;
/** Weight of the mean before in the fading mean. With a half, the mean is one step behind a reading that moves steadily. */
const FADE = 0.5;
/** A reading is uncertain below the first probability (mood.ts), and certain again above the second. */
const UNCERTAIN_BELOW = 0.55;
const CERTAIN_ABOVE = 0.65;
/** After a pause of this many steps (2 s) the word begins anew; a shorter one is a rest within the music. */
const REST_STEPS = 4;
/** A smaller standard deviation counts as this one. */
const MIN_SD = 0.01;

/**
 * The mood word of a stream. It holds while the readings stay near its region, and changes once they have been outside
 * for long enough: the further outside, the sooner.
 *
 * This is Page's cumulative sum test: evidence = max(0, evidence + (distance − slack) · step), where a distance is
 * at most one standard deviation, so that a single reading never changes the word (E. S. Page, "Continuous inspection
 * schemes", Biometrika 41, 1954). When a piece begins, the reading moves to its place for some seconds. There the test
 * looks ahead of it, so that the word neither waits for its arrival nor names what it passes; and the last reading of
 * that time changes the word if it is outside by more than the slack. Time is audio time.
 */
export class MoodHold {
  #state: { -readonly [Name in keyof MoodState]: MoodState[Name] };

  /** @param state one that an earlier version saved lacks the mean */
  constructor(state?: MoodState) {
    this.#state = { ...START, ...state };
  }

  get state(): MoodState {
    return { ...this.#state };
  }

  reset(): void {
    Object.assign(this.#state, START);
  }

  /** The word for the next reading. */
  step(valence: number, arousal: number, valenceSd: number, arousalSd: number): Mood {
    const state = this.#state;
    state.restSteps = 0;
    state.meanValence = FADE * (state.meanValence ?? valence) + (1 - FADE) * valence;
    state.meanArousal = FADE * (state.meanArousal ?? arousal) + (1 - FADE) * arousal;
    const isNew = state.pieceSteps !== null;
    const isLast = isNew && ++state.pieceSteps! >= NEW_STEPS;
    if (isLast) state.pieceSteps = null;
    const lead = isNew ? LEAD_STEPS : 0;
    const v = valence + lead * (valence - state.meanValence);
    const a = arousal + lead * (arousal - state.meanArousal);
    const distance = state.word ? distanceFrom(state.word, v, a, valenceSd, arousalSd) : Infinity;
    state.evidence = Math.max(0, state.evidence + (distance - SLACK) * STEP_SECONDS);
    if (state.evidence > LIMIT || (isLast && distance > SLACK)) {
      state.word = wordOf(v, a, valenceSd, arousalSd);
      state.evidence = 0;
    }
    return state.word!;
  }

  /** Another piece has begun. */
  beginPiece(): void {
    this.#state.pieceSteps = 0;
  }

  /** A step without a reading. */
  rest(): void {
    const state = this.#state;
    state.meanValence = null;
    state.meanArousal = null;
    if (++state.restSteps >= REST_STEPS) this.reset();
  }
}

function wordOf(valence: number, arousal: number, valenceSd: number, arousalSd: number): Mood {
  const mood = moodOf(valence, arousal);
  return probabilityNear(mood, valence, arousal, valenceSd, arousalSd) < UNCERTAIN_BELOW ? 'uncertain' : mood;
}

/** How far a reading is from allowing the word, in standard deviations: -1 … 1, negative if it does. */
function distanceFrom(
  word: Mood,
  valence: number,
  arousal: number,
  valenceSd: number,
  arousalSd: number,
): number {
  const near = probabilityNear(moodOf(valence, arousal), valence, arousal, valenceSd, arousalSd);
  if (word === 'uncertain') return near >= CERTAIN_ABOVE ? 1 : -1;
  if (near < UNCERTAIN_BELOW) return 1;
  const sd = Math.max(MIN_SD, Math.hypot(valenceSd, arousalSd) / Math.SQRT2);
  return Math.max(-1, Math.min(1, distanceOutside(word, valence, arousal) / sd));
}
