import type { AudioFormat } from '../types.ts';
import type { Loudness } from './loudness.ts';
import { mixToMono } from './mono.ts';

/** The samples of the current block, and the decision so far. */
export interface DownmixState {
  /** Interleaved. */
  readonly pending: Float32Array;
  /** [channels + 1] smoothed energies: of each channel, and of the sum of all. */
  readonly energies: Float64Array;
  /** The channel that replaces the mix; -1: none. */
  readonly channel: number;
}

/**
 * Energy of the sum of the channels over the sum of their energies: 1 if they are uncorrelated or only one is not
 * silent, the number of channels if all are the same, 0 if they cancel. Below the first value the channels cancel (two
 * equally loud ones: their mix is 19 dB below each of them), above the second no longer. In 1.9 hours
 * of stereo music no block is below the first, nor with its side signal amplified by 6 or 9.5 dB.
 */
const CANCELS_BELOW = 10 ** -1.6;
const RECOVERS_ABOVE = 0.1;
/** Share of the smoothed energies that is left after one block of 100 ms. */
const DECAY = 0.5;
/** Another channel replaces the current one if its energy is greater by this factor (3 dB). */
const LOUDER = 2;
/** K-weighted mean square at -60 LUFS (BS.1770). Nothing is decided about what is less loud. */
const QUIET = 10 ** ((-60 + 0.691) / 10);

/**
 * Channels → mono: their mean, but the loudest channel while they cancel in the mean, as they do if one is inverted (a
 * balanced line on a stereo input, a crossed cable).
 *
 * Decides once per block of 100 ms from energies that include this block: the first one is right already, and a change
 * takes place at the border of a block. A step ends where a block ends, so no sample waits longer than that. The
 * energies are those that loudness needs anyway: K-weighted, without offsets and rumble.
 */
export class Downmix {
  readonly #channels: number;
  readonly #loudness: Loudness;
  readonly #pending: Float32Array;
  /** The mix; of two channels it is filled as they arrive. */
  readonly #mono: Float32Array;
  readonly #energies: Float64Array;
  readonly #quiet: number;
  #filled = 0;
  #channel = -1;
  #audible = false;

  /** @param loudness of the same format and at the same sample; `push` passes the samples on to it */
  constructor({ sampleRateHz, channels }: AudioFormat, loudness: Loudness, state?: DownmixState) {
    this.#channels = channels;
    this.#loudness = loudness;
    const longest = channels > 1 ? Math.ceil(sampleRateHz / 10) : 0;
    this.#pending = new Float32Array(longest * channels);
    this.#mono = new Float32Array(longest);
    this.#energies = new Float64Array(channels + 1);
    this.#quiet = (QUIET * sampleRateHz) / 10 / (1 - DECAY);
    if (!state) return;
    this.#pending.set(state.pending);
    this.#filled = state.pending.length;
    if (channels > 1) mixToMono(state.pending, channels, this.#mono);
    this.#energies.set(state.energies);
    this.#channel = state.channel;
  }

  get state(): DownmixState {
    return {
      pending: this.#pending.slice(0, this.#filled),
      energies: this.#energies.slice(),
      channel: this.#channel,
    };
  }

  /** Whether the channels cancelled in the newest complete block; undefined if it was too quiet to decide. */
  get cancels(): boolean | undefined {
    return this.#audible || this.#channels === 1 ? this.#channel >= 0 : undefined;
  }

  /** The channel that replaces the mix, from 0 on; -1 if none does. */
  get channel(): number {
    return this.#channel;
  }

  /** Samples per channel that wait for the end of their block. */
  get waiting(): number {
    return this.#filled / this.#channels;
  }

  /**
   * Calls `onMono` with each block that the samples complete; with mono input, with the samples themselves. The array
   * is reused: copy it.
   */
  push(samples: Float32Array, onMono: (mono: Float32Array) => void): void {
    if (this.#channels === 1) {
      this.#loudness.push(samples);
      onMono(samples);
      return;
    }
    for (let at = 0; at < samples.length; ) {
      const missing = this.#loudness.untilBlock * this.#channels;
      const take = Math.min(samples.length - at, missing);
      const piece = take === samples.length ? samples : samples.subarray(at, at + take);
      at += take;
      this.#loudness.push(piece, this.#mono, this.#filled / this.#channels);
      this.#pending.set(piece, this.#filled);
      this.#filled += take;
      if (take < missing) continue;
      this.#decide(this.#loudness.energies);
      onMono(this.#mix(this.#pending.subarray(0, this.#filled)));
      this.#filled = 0;
    }
  }

  /** Mixes what waits for the end of its block, as the block before. The input has ended. */
  flush(onMono: (mono: Float32Array) => void): void {
    if (this.#filled > 0) onMono(this.#mix(this.#pending.subarray(0, this.#filled)));
    this.#filled = 0;
  }

  #decide(block: Float64Array): void {
    const energies = this.#energies;
    const n = this.#channels;
    let all = 0;
    let loudest = 0;
    for (let c = 0; c <= n; c++) energies[c] = DECAY * energies[c]! + block[c]!;
    for (let c = 0; c < n; c++) {
      all += energies[c]!;
      if (energies[c]! > energies[loudest]!) loudest = c;
    }
    this.#audible = all > this.#quiet;
    if (!this.#audible) return;
    const ratio = energies[n]! / all;
    if (ratio > RECOVERS_ABOVE || (this.#channel < 0 && ratio > CANCELS_BELOW)) this.#channel = -1;
    else if (this.#channel < 0 || energies[loudest]! > LOUDER * energies[this.#channel]!) {
      this.#channel = loudest;
    }
  }

  #mix(block: Float32Array): Float32Array {
    const length = block.length / this.#channels;
    if (this.#channel < 0) {
      return this.#channels === 2
        ? this.#mono.subarray(0, length)
        : mixToMono(block, this.#channels, this.#mono);
    }
    for (let i = 0, s = this.#channel; i < length; i++, s += this.#channels) this.#mono[i] = block[s]!;
    return this.#mono.subarray(0, length);
  }
}
