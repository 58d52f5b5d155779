import { distanceOutside, type Mood, moodOf, probabilityNear } from './mood.ts';

/** The state of a MoodHold as a plain value. */
export interface MoodState {
  /** The word of the last reading; null before the first. */
  readonly word: Mood | null;
  /** Evidence for another word, in standard deviations times seconds. */
  readonly evidence: number;
  /** Fading sums over the readings since the evidence was last 0: their number, and what they are. */
  readonly count: number;
  readonly valence: number;
  readonly arousal: number;
  readonly valenceSd: number;
  readonly arousalSd: number;
  /** Steps without a reading since the last one. */
  readonly restSteps: number;
  /** Readings since another piece began, until the last check of the word; null otherwise. */
  readonly pieceSteps: number | null;
}

const START: MoodState = {
  ...{ word: null, evidence: 0, count: 0 },
  ...{ valence: 0, arousal: 0, valenceSd: 0, arousalSd: 0 },
  restSteps: 0,
  pieceSteps: null,
};

/** Seconds from one reading to the next. */
const STEP_SECONDS = 0.5;
/** A reading outside the word's region by less than this, in standard deviations, is no evidence for another word. */
const SLACK = 0.2;
/** The word changes when the evidence exceeds this, in standard deviations times seconds. */
const LIMIT = 0.6;
/** Weight of a reading's predecessor in the mean that names the new word: that of the last second. */
const FADE = 0.5;
/** A reading is uncertain below the first probability (mood.ts), and certain again above the second. */
const UNCERTAIN_BELOW = 0.55;
const CERTAIN_ABOVE = 0.65;
/** Readings after the beginning of another piece at which the word is checked: those after 3 s and 5 s. */
const CHECKED_STEPS: readonly number[] = [6, 10];
/** Such a reading changes the word if it is outside its region by more than this, in standard deviations. */
const CHECKED_DISTANCE = 0.3;
/** After a pause of this many steps (2 s) the word begins anew; a shorter one is a rest within the music. */
const REST_STEPS = 4;
/** A smaller standard deviation counts as this one. */
const MIN_SD = 0.01;

/**
 * The mood word of a stream. It holds while the readings stay near its region, and changes once they have been outside
 * for long enough: the further outside, the sooner. The new word is that of the readings of the last second.
 *
 * This is Page's cumulative sum test: evidence = max(0, evidence + (distance − slack) · step), where a distance is
 * at most one standard deviation, so that a single reading never changes the word (E. S. Page, "Continuous inspection
 * schemes", Biometrika 41, 1954). After the beginning of another piece the word is checked twice, when the readings have moved
 * to it: there a single reading outside its region changes the word. Time is audio time.
 */
export class MoodHold {
  #state: { -readonly [Name in keyof MoodState]: MoodState[Name] };

  constructor(state: MoodState = START) {
    this.#state = { ...state };
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
    const isChecked = this.#countPiece();
    const distance = state.word ? distanceFrom(state.word, valence, arousal, valenceSd, arousalSd) : Infinity;
    if (state.word === null || (isChecked && distance > CHECKED_DISTANCE)) {
      this.#forget();
      state.word = wordOf(valence, arousal, valenceSd, arousalSd, UNCERTAIN_BELOW);
      return state.word;
    }
    state.evidence = Math.max(0, state.evidence + (distance - SLACK) * STEP_SECONDS);
    if (state.evidence === 0) this.#forget();
    else {
      state.count = FADE * state.count + 1;
      state.valence = FADE * state.valence + valence;
      state.arousal = FADE * state.arousal + arousal;
      state.valenceSd = FADE * state.valenceSd + valenceSd;
      state.arousalSd = FADE * state.arousalSd + arousalSd;
    }
    if (state.evidence > LIMIT) this.#change();
    return state.word;
  }

  /** Another piece has begun. */
  beginPiece(): void {
    this.#state.pieceSteps = 0;
  }

  /** A step without a reading. */
  rest(): void {
    if (++this.#state.restSteps >= REST_STEPS) this.reset();
  }

  #change(): void {
    const state = this.#state;
    const { word, count, valence, arousal, valenceSd, arousalSd } = state;
    const certainFrom = word === 'uncertain' ? CERTAIN_ABOVE : UNCERTAIN_BELOW;
    state.word = wordOf(valence / count, arousal / count, valenceSd / count, arousalSd / count, certainFrom);
    // The readings left the region on different sides, and their mean is within it: the next ones decide.
    if (state.word === word) state.evidence = LIMIT;
    else this.#forget();
  }

  #forget(): void {
    const { word, pieceSteps } = this.#state;
    Object.assign(this.#state, START, { word, pieceSteps });
  }

  /** Counts the readings of a new piece; whether the word is checked at this one. */
  #countPiece(): boolean {
    const state = this.#state;
    if (state.pieceSteps === null) return false;
    const steps = ++state.pieceSteps;
    if (steps >= CHECKED_STEPS.at(-1)!) state.pieceSteps = null;
    return CHECKED_STEPS.includes(steps);
  }
}

function wordOf(
  valence: number,
  arousal: number,
  valenceSd: number,
  arousalSd: number,
  certainFrom: number,
): Mood {
  const mood = moodOf(valence, arousal);
  return probabilityNear(mood, valence, arousal, valenceSd, arousalSd) < certainFrom ? 'uncertain' : mood;
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
