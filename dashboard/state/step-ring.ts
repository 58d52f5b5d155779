import { ACTIVITIES, type Activity } from '../../src/frame-fields.ts';
import { type EmotionFrame, MOODS, STEP_SECONDS, Z90 } from '../../src/types.ts';
import type { Steps } from './steps.ts';

/** Steps kept of each stream: 15 minutes. */
export const RING_STEPS = 15 * 60 * (1 / STEP_SECONDS);

const MUSIC = ACTIVITIES.indexOf('music');

/** Emission times jitter: `x` follows audio time, and corrects this share of its drift from the clock per step. */
const CLOCK_CORRECTION = 0.05;
/**
 * A drift above this (s): audio is missing between two steps, or the later one was computed late. `x` follows the
 * clock; if steps then arrive faster than their audio time, they were late, and the hole is closed again.
 */
const RESYNC_SECONDS = 1.5;
/** A step that was computed later than this (s) after its audio arrived is placed at the time of that. */
const LATE_SECONDS = 0.5;
/**
 * Steps of a run that follow each other have no data missing between them: they are only this far apart (s) where their
 * source delivered nothing, and that is a hole too. The same for steps that come in bursts.
 */
export const LOST_SECONDS = 4;
const LOST_BURST_SECONDS = 10;
/** Steps that come so much faster (s) than their audio time after a hole come in bursts. */
const BURST_SECONDS = 1;

/**
 * The newest steps of one stream in columns, oldest first: index 0 … length − 1. Typed arrays, allocated
 * once; a step without music has NaN for valence and arousal.
 */
export class StepRing implements Steps {
  length = 0;
  /** Seconds from one step to the next: 0.5, or more for means over longer times. */
  readonly stepSeconds: number;
  #start = 0;
  /** Steps since the last hole, and how many of its seconds may be lateness. */
  #sinceHole = 0;
  #holeSeconds = 0;
  #closedSeconds = 0;
  readonly #x = new Float64Array(RING_STEPS);
  readonly #timeMs = new Float64Array(RING_STEPS);
  readonly #t = new Float64Array(RING_STEPS);
  readonly #latencyMs = new Float64Array(RING_STEPS);
  /** The next step is no further than this (s) after the one before it, or there is a hole between them. */
  readonly #reach = new Float32Array(RING_STEPS);
  readonly #seq = new Float64Array(RING_STEPS);
  readonly #valence = new Float32Array(RING_STEPS);
  readonly #arousal = new Float32Array(RING_STEPS);
  readonly #valenceSd = new Float32Array(RING_STEPS);
  readonly #arousalSd = new Float32Array(RING_STEPS);
  readonly #activity = new Uint8Array(RING_STEPS);
  /** Index in MOODS, −1 without a mood. */
  readonly #mood = new Int8Array(RING_STEPS);

  constructor(stepSeconds: number = STEP_SECONDS) {
    this.stepSeconds = stepSeconds;
  }

  get gapSeconds(): number {
    return 3 * this.stepSeconds;
  }

  /** Position on the time axis in seconds since 1970, strictly rising. */
  x = (i: number): number => this.#x[this.#slot(i)]!;
  gapBefore = (i: number): number => this.#reach[this.#slot(i)]!;
  seq = (i: number): number => this.#seq[this.#slot(i)]!;
  valence = (i: number): number => this.#valence[this.#slot(i)]!;
  arousal = (i: number): number => this.#arousal[this.#slot(i)]!;
  valenceSd = (i: number): number => this.#valenceSd[this.#slot(i)]!;
  arousalSd = (i: number): number => this.#arousalSd[this.#slot(i)]!;
  isMusic = (i: number): boolean => this.#activity[this.#slot(i)] === MUSIC;
  activity = (i: number): Activity => ACTIVITIES[this.#activity[this.#slot(i)]!]!;
  mood = (i: number): string | null => MOODS[this.#mood[this.#slot(i)]!] ?? null;
  valenceLow = (i: number): number => this.valence(i) - Z90 * this.valenceSd(i);
  valenceHigh = (i: number): number => this.valence(i) + Z90 * this.valenceSd(i);
  arousalLow = (i: number): number => this.arousal(i) - Z90 * this.arousalSd(i);
  arousalHigh = (i: number): number => this.arousal(i) + Z90 * this.arousalSd(i);

  /** Appends `frame` if it is newer than all others; else (a repeat, or an older one) returns false. */
  append(frame: EmotionFrame): boolean {
    const timeMs = Date.parse(frame.time);
    const last = this.length - 1;
    if (last >= 0) {
      const slot = this.#slot(last);
      // The next step of the same run is newer, even if the server's clock was set back.
      const follows = frame.seq === this.#seq[slot]! + 1;
      if (!follows && timeMs <= this.#timeMs[slot]!) return false;
    }
    this.#write(timeMs, frame);
    return true;
  }

  /** The server's clock was set: moves all steps onto the new clock, so that the next step follows them. */
  clockChanged(seconds: number): void {
    for (let i = 0; i < this.length; i++) {
      const slot = this.#slot(i);
      this.#x[slot]! += seconds;
      this.#timeMs[slot]! += seconds * 1000;
    }
  }

  /** Inserts older frames by time. Rare (history, replay), so it may allocate. */
  merge(frames: readonly EmotionFrame[]): void {
    const all = new Map<string, { timeMs: number; frame: EmotionFrame }>();
    const add = (timeMs: number, frame: EmotionFrame) => all.set(`${timeMs} ${frame.seq}`, { timeMs, frame });
    for (const frame of frames) add(Date.parse(frame.time), frame);
    for (let i = 0; i < this.length; i++) add(this.#timeMs[this.#slot(i)]!, this.#frame(i));
    const ordered = [...all.values()].sort((a, b) => a.timeMs - b.timeMs || a.frame.seq - b.frame.seq);
    this.length = 0;
    this.#start = 0;
    this.#holeSeconds = 0;
    for (const { timeMs, frame } of ordered) this.#write(timeMs, frame);
  }

  #slot(i: number): number {
    return (this.#start + i) % RING_STEPS;
  }

  #write(timeMs: number, frame: EmotionFrame): void {
    const x = this.#xOf(timeMs, frame);
    const reach = this.#follows(frame) ? Math.max(LOST_SECONDS, this.gapSeconds) : this.gapSeconds;
    if (this.length === RING_STEPS) this.#start = (this.#start + 1) % RING_STEPS;
    else this.length++;
    const slot = this.#slot(this.length - 1);
    this.#x[slot] = x;
    this.#timeMs[slot] = timeMs;
    this.#t[slot] = frame.t;
    this.#latencyMs[slot] = frame.latencyMs;
    this.#reach[slot] = reach;
    this.#seq[slot] = frame.seq;
    this.#valence[slot] = frame.valence ?? Number.NaN;
    this.#arousal[slot] = frame.arousal ?? Number.NaN;
    this.#valenceSd[slot] = frame.valenceSd ?? Number.NaN;
    this.#arousalSd[slot] = frame.arousalSd ?? Number.NaN;
    this.#activity[slot] = ACTIVITIES.indexOf(frame.activity);
    this.#mood[slot] = (MOODS as readonly (string | null)[]).indexOf(frame.mood);
  }

  /** Whether a step is the next of the newest one's run. */
  #follows({ seq, t }: EmotionFrame): boolean {
    if (this.length === 0) return false;
    const last = this.#slot(this.length - 1);
    const elapsed = t - this.#t[last]!;
    return seq === this.#seq[last]! + 1 && elapsed > 0 && elapsed < this.gapSeconds;
  }

  #xOf(timeMs: number, frame: EmotionFrame): number {
    const lateSeconds = frame.latencyMs / 1000;
    const clock = timeMs / 1000 - (lateSeconds > LATE_SECONDS ? lateSeconds : 0);
    if (this.length === 0) return clock;
    const last = this.#slot(this.length - 1);
    const lastX = this.#x[last]!;
    const elapsed = frame.t - this.#t[last]!;
    const expected = lastX + elapsed;
    const drift = clock - expected;
    this.#sinceHole++;
    if (elapsed <= 0 || drift >= RESYNC_SECONDS) {
      this.#sinceHole = 0;
      this.#holeSeconds = elapsed > 0 ? drift : 0;
      this.#closedSeconds = 0;
      return Math.max(clock, lastX + 0.001);
    }
    // Steps cannot be computed before their audio is there: the hole was no longer than the earliest of them shows.
    if (drift < 0 && this.#holeSeconds > 0) return expected - this.#closeHole(-drift);
    // A clock that was set back or stands still is no reason to draw steps on top of each other.
    if (drift <= -RESYNC_SECONDS) return expected;
    return Math.max(expected + CLOCK_CORRECTION * drift, lastX + 0.001);
  }

  /** Moves the steps since the hole back by `seconds`, as far as the hole allows. Returns by how much. */
  #closeHole(seconds: number): number {
    const by = Math.min(seconds, this.#holeSeconds);
    this.#holeSeconds -= by;
    this.#closedSeconds += by;
    const from = Math.max(0, this.length - this.#sinceHole);
    const first = this.#slot(from);
    if (this.#closedSeconds >= BURST_SECONDS && this.#reach[first]! > this.gapSeconds)
      this.#reach[first] = Math.max(LOST_BURST_SECONDS, this.gapSeconds);
    for (let i = from; i < this.length; i++) this.#x[this.#slot(i)]! -= by;
    return by;
  }

  /** As much of step `i` as `#write` needs. */
  #frame(i: number): EmotionFrame {
    const slot = this.#slot(i);
    return {
      type: 'emotion',
      stream: '',
      seq: this.#seq[slot]!,
      t: this.#t[slot]!,
      time: new Date(this.#timeMs[slot]!).toISOString(),
      valence: this.#valence[slot]!,
      arousal: this.#arousal[slot]!,
      valenceSd: this.#valenceSd[slot]!,
      arousalSd: this.#arousalSd[slot]!,
      forecast: [],
      mood: this.mood(i),
      loudness: null,
      activity: ACTIVITIES[this.#activity[slot]!]!,
      confidence: 0,
      latencyMs: this.#latencyMs[slot]!,
    };
  }
}
