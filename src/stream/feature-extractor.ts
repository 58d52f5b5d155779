import type { AudioFormat, EmotionModel, StepWindow } from '../types.ts';
import { STEP_SECONDS } from '../types.ts';
import { UserError } from '../user-error.ts';
import { StepClips, type StepClipsState } from './clip-mel.ts';
import { Downmix, type DownmixState } from './downmix.ts';
import type { FftPlans } from './fft.ts';
import { Loudness, type LoudnessState } from './loudness.ts';
import { MelFrames, type MelState } from './mel.ts';
import { MelRing } from './mel-ring.ts';
import { WindowParts, type WindowPartsState } from './window-parts.ts';

const MIN_RATE_HZ = 8_000;
const MAX_RATE_HZ = 192_000;
const MAX_CHANNELS = 32;

/** The whole state of a stream's feature extraction, as one value. */
export interface FeatureExtractorState {
  readonly format: AudioFormat;
  /** Samples per channel since this format began. */
  readonly samples: number;
  /** Steps completed since the stream began, and how many of them before this format began. */
  readonly steps: number;
  readonly stepsBefore: number;
  readonly newFrames: number;
  readonly downmix: DownmixState;
  readonly mel: MelState;
  readonly loudness: LoudnessState;
  /** [n, MEL_BANDS] */
  readonly ring: Float32Array;
  /** Only if the stream's model needs clips. */
  readonly clip?: StepClipsState;
  readonly parts?: WindowPartsState;
}

/**
 * From samples to windows: mono → mel frames → ring of frames → a window at the end of every 500 ms.
 *
 * Live streams, `track`, training and evaluation all use this one path from audio to the model's input. The result
 * does not depend on how the samples are cut into chunks.
 */
export class FeatureExtractor {
  readonly format: AudioFormat;
  readonly #downmix: Downmix;
  readonly #mel: MelFrames;
  readonly #loudness: Loudness;
  readonly #ring: MelRing;
  readonly #parts: WindowParts;
  readonly #clip: StepClips | undefined;
  readonly #silence: Float32Array;
  readonly #stepsBefore: number;
  #samples: number;
  #steps: number;
  #newFrames: number;

  /**
   * @param state the saved state to continue from. If its format differs from `format`, the ring and the count of
   *   steps continue and the current step starts again. If it has no clip but `needs` has `clip`, the part of the
   *   current step that was received before is silence in its clip.
   * @param needs what the model needs besides the mel window
   * @param firstStep the first step if there is no state
   * @throws UserError `bad-format` for a rate or channel count out of range
   */
  constructor(
    plans: FftPlans,
    format: AudioFormat,
    state?: FeatureExtractorState,
    needs: EmotionModel['needs'] = [],
    firstStep = 0,
  ) {
    checkFormat(format);
    const same =
      state?.format.sampleRateHz === format.sampleRateHz && state.format.channels === format.channels;
    this.format = { sampleRateHz: format.sampleRateHz, channels: format.channels };
    this.#mel = new MelFrames(plans, format.sampleRateHz, same ? state.mel : undefined);
    this.#loudness = new Loudness(format, same ? state.loudness : undefined);
    this.#downmix = new Downmix(format, this.#loudness, same ? state.downmix : undefined);
    this.#ring = new MelRing(state?.ring);
    this.#steps = state?.steps ?? firstStep;
    this.#stepsBefore = same ? state.stepsBefore : this.#steps;
    this.#samples = same ? state.samples : 0;
    this.#newFrames = same ? state.newFrames : 0;
    const stepSamples = Math.ceil(STEP_SECONDS * format.sampleRateHz);
    this.#parts = new WindowParts(plans, format.sampleRateHz, [needs].flat(), state?.parts, same);
    if (needs.includes('clip')) {
      const kept = same ? state.clip : undefined;
      this.#clip = new StepClips(plans, format.sampleRateHz, kept);
      const mixed = this.#samples - this.#downmix.waiting - this.#stepEnd(this.#steps - 1);
      if (!kept) this.#clip.push(new Float32Array(mixed));
    }
    this.#silence = new Float32Array(stepSamples * format.channels);
  }

  get state(): FeatureExtractorState {
    return {
      format: this.format,
      samples: this.#samples,
      steps: this.#steps,
      stepsBefore: this.#stepsBefore,
      newFrames: this.#newFrames,
      downmix: this.#downmix.state,
      mel: this.#mel.state,
      loudness: this.#loudness.state,
      ring: this.#ring.state,
      ...(this.#clip && { clip: this.#clip.state }),
      parts: this.#parts.state,
    };
  }

  /** Steps completed since the stream began. */
  get steps(): number {
    return this.#steps;
  }

  /** Samples per channel that the current step lacks; at least 1. */
  get missing(): number {
    return this.#stepEnd(this.#steps) - this.#samples;
  }

  /** What there is of the window in the middle of a step; valid until the next `push`. */
  get unfinished(): Pick<StepWindow, 'fine'> {
    return this.#parts.unfinished;
  }

  /** How the channels are mixed. */
  get downmix(): Pick<Downmix, 'cancels' | 'channel'> {
    return this.#downmix;
  }

  /** Seconds of audio since the stream began. */
  get seconds(): number {
    return this.#stepsBefore * STEP_SECONDS + this.#samples / this.format.sampleRateHz;
  }

  /**
   * Yields a window for each step that the samples complete. When a window is yielded, the samples after its step
   * have not been processed yet, so `state` is the state at the end of that step.
   *
   * @param samples interleaved; finite (see `sanitize`)
   * @param arrivedAtMs `performance.now()` when the last sample arrived
   */
  *push(samples: Float32Array, arrivedAtMs: number): Generator<StepWindow, void, undefined> {
    const { channels } = this.format;
    for (let at = 0; at < samples.length; ) {
      const take = Math.min(samples.length - at, this.missing * channels);
      const piece = take === samples.length ? samples : samples.subarray(at, at + take);
      at += take;
      if (this.#extract(piece)) yield this.#endStep(arrivedAtMs);
    }
  }

  /** Processes lost audio as silence, because it counts as time. */
  *skip(lostSamples: number, arrivedAtMs: number): Generator<StepWindow, void, undefined> {
    const { channels } = this.format;
    for (let left = lostSamples * channels; left > 0; left -= this.#silence.length) {
      yield* this.push(this.#silence.subarray(0, Math.min(left, this.#silence.length)), arrivedAtMs);
    }
  }

  /** Processes a piece that does not extend beyond the current step. Returns whether it completes the step. */
  #extract(piece: Float32Array): boolean {
    const end = this.#stepEnd(this.#steps);
    this.#downmix.push(piece, this.#onMono);
    this.#samples += piece.length / this.format.channels;
    return this.#samples === end;
  }

  readonly #onMono = (mono: Float32Array): void => {
    this.#mel.push(mono, this.#onFrame);
    this.#clip?.push(mono);
    this.#parts.push(mono);
  };

  readonly #onFrame = (frame: Float32Array): void => {
    this.#ring.push(frame);
    this.#newFrames++;
  };

  #endStep(arrivedAtMs: number): StepWindow {
    const window: StepWindow = {
      step: this.#steps,
      mel: this.#ring.window,
      newFrames: this.#newFrames,
      loudness: this.#loudness.momentary,
      arrivedAtMs,
      ...(this.#clip && { clip: this.#clip.end() }),
      ...this.#parts.end(),
    };
    this.#steps++;
    this.#newFrames = 0;
    return window;
  }

  /** The sample count at which a step ends: its end time at this rate, rounded up. */
  #stepEnd(step: number): number {
    return Math.ceil((step - this.#stepsBefore + 1) * STEP_SECONDS * this.format.sampleRateHz);
  }
}

/** The same state, but its time goes on at `step`, if that is later. */
export function continueAt(state: FeatureExtractorState, step: number): FeatureExtractorState {
  const missing = Math.max(0, step - state.steps);
  return { ...state, steps: state.steps + missing, stepsBefore: state.stepsBefore + missing };
}

/** @throws UserError `bad-format` */
export function checkFormat({ sampleRateHz, channels }: AudioFormat): void {
  if (!Number.isInteger(sampleRateHz) || sampleRateHz < MIN_RATE_HZ || sampleRateHz > MAX_RATE_HZ) {
    throw new UserError(
      'bad-format',
      `The sample rate is ${sampleRateHz} Hz, but a whole number from ${MIN_RATE_HZ} to ${MAX_RATE_HZ} Hz is expected; resample the audio or correct the rate.`,
    );
  }
  if (!Number.isInteger(channels) || channels < 1 || channels > MAX_CHANNELS) {
    throw new UserError(
      'bad-format',
      `The audio has ${channels} channels, but 1 to ${MAX_CHANNELS} are expected; mix it down or correct the count.`,
    );
  }
}
