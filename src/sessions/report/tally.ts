import { MOODS, type Mood } from '../../mood.ts';
import { Z90 } from '../../types.ts';
import type { Sample } from './samples.ts';

/** Statistics over a span of a session. Times in seconds of audio. */
export interface Summary {
  readonly music: number;
  readonly speech: number;
  readonly silence: number;
  /** Means over the time with music; null if there was none. */
  readonly valence: number | null;
  readonly arousal: number | null;
  /** Standard deviations over that time: how much the level varied. */
  readonly valenceSpread: number | null;
  readonly arousalSpread: number | null;
  /** Half the width of the model's 90 % interval for one step, root mean square; null if not known. */
  readonly valenceInterval: number | null;
  readonly arousalInterval: number | null;
  /** Mean momentary LUFS. */
  readonly loudness: number | null;
  /** Seconds with each mood word that occurs, the most frequent first. */
  readonly moods: readonly MoodSeconds[];
}

export interface MoodSeconds {
  readonly mood: Mood;
  readonly seconds: number;
}

/** Accumulates samples into a summary. */
export class Tally {
  readonly #seconds = { music: 0, speech: 0, silence: 0, loud: 0, sdKnown: 0 };
  readonly #sums = { v: 0, v2: 0, a: 0, a2: 0, vSd2: 0, aSd2: 0, loudness: 0 };
  /** Seconds of each word, in the order of MOODS. */
  readonly #moods = new Float64Array(MOODS.length);

  add(sample: Sample): void {
    const { seconds, valence, arousal, valenceSd, arousalSd, loudness } = sample;
    const music = seconds * sample.music;
    this.#seconds.music += music;
    this.#seconds.speech += seconds * sample.speech;
    this.#seconds.silence += seconds * sample.silence;
    if (loudness !== null) {
      this.#seconds.loud += seconds;
      this.#sums.loudness += seconds * loudness;
    }
    for (const mood in sample.moods)
      this.#moods[MOODS.indexOf(mood as Mood)]! += seconds * sample.moods[mood as Mood]!;
    if (valence === null || arousal === null) return;
    this.#sums.v += music * valence;
    this.#sums.v2 += music * valence ** 2;
    this.#sums.a += music * arousal;
    this.#sums.a2 += music * arousal ** 2;
    if (valenceSd === null || arousalSd === null) return;
    this.#seconds.sdKnown += music;
    this.#sums.vSd2 += music * valenceSd ** 2;
    this.#sums.aSd2 += music * arousalSd ** 2;
  }

  summary(): Summary {
    const { music, speech, silence, loud, sdKnown } = this.#seconds;
    const { v, v2, a, a2, vSd2, aSd2, loudness } = this.#sums;
    const mean = (sum: number, seconds: number) => (seconds > 0 ? sum / seconds : null);
    const spread = (sum: number, squares: number) =>
      music > 0 ? Math.sqrt(Math.max(0, squares / music - (sum / music) ** 2)) : null;
    const interval = (squares: number) => (sdKnown > 0 ? Z90 * Math.sqrt(squares / sdKnown) : null);
    return {
      music,
      speech,
      silence,
      valence: mean(v, music),
      arousal: mean(a, music),
      valenceSpread: spread(v, v2),
      arousalSpread: spread(a, a2),
      valenceInterval: interval(vSd2),
      arousalInterval: interval(aSd2),
      loudness: mean(loudness, loud),
      moods: MOODS.map((mood, i) => ({ mood, seconds: this.#moods[i]! }))
        .filter((one) => one.seconds > 0)
        .toSorted((a, b) => b.seconds - a.seconds),
    };
  }
}
