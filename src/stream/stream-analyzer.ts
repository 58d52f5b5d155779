import type { AudioChunk, EmotionModel, SourceItem, StepWindow, StreamEvent } from '../types.ts';
import { STEP_SECONDS } from '../types.ts';
import { FeatureExtractor, type FeatureExtractorState } from './feature-extractor.ts';
import type { FftPlans } from './fft.ts';
import { sanitize } from './mono.ts';

export interface StreamAnalyzerState {
  /** Absent before the first chunk. */
  readonly extractor?: FeatureExtractorState;
  readonly phase: PhaseState;
}

/** Whether it was reported that the channels cancel, and for how many steps the opposite has been true. */
interface PhaseState {
  readonly cancels: boolean;
  readonly steps: number;
}

/** Steps after which cancelling channels are reported (2 s), and after which their end is (5 s). */
const CANCEL_STEPS = 4;
const RESTORE_STEPS = 10;

/** A window for each step, and events about audio that is missing or changed. */
export type AnalyzerOutput = StepWindow | StreamEvent;

/**
 * Passes everything that one stream's source delivers to a FeatureExtractor: chunks in changing formats, lost
 * audio, samples that are not audio. Time is the count of samples throughout.
 */
export class StreamAnalyzer {
  readonly #stream: string;
  readonly #plans: FftPlans;
  readonly #needs: EmotionModel['needs'];
  #extractor: FeatureExtractor | undefined;
  #invalidSamples = 0;
  #phase: PhaseState = { cancels: false, steps: 0 };

  /** @param needs what the model needs besides the mel window */
  constructor(stream: string, plans: FftPlans, state?: StreamAnalyzerState, needs?: EmotionModel['needs']) {
    this.#stream = stream;
    this.#plans = plans;
    this.#needs = needs;
    if (state) this.#phase = state.phase;
    if (state?.extractor)
      this.#extractor = new FeatureExtractor(plans, state.extractor.format, state.extractor, needs);
  }

  get state(): StreamAnalyzerState {
    return { phase: this.#phase, ...(this.#extractor && { extractor: this.#extractor.state }) };
  }

  /** Returns to the state of a new stream: the next sample is the first of step 0. */
  reset(): void {
    this.#extractor = undefined;
    this.#invalidSamples = 0;
    this.#phase = { cancels: false, steps: 0 };
  }

  /**
   * Analyzes one item, step by step: when a window is yielded, `state` is the state at the end of its step.
   *
   * @throws UserError `bad-format` for a sample rate or channel count out of range
   */
  *analyze(item: SourceItem): Generator<AnalyzerOutput, void, undefined> {
    if (item.type !== 'audio') {
      yield this.event(item.type, item.message);
      return;
    }
    const before = this.#extractor;
    const extractor = this.#extractorFor(item);
    if (before && extractor !== before) yield this.#formatChange(before);
    if (item.lostSamples) {
      yield this.#gap('overflow', item.lostSamples, 'Audio was lost before it could be analyzed');
      yield* extractor.skip(item.lostSamples, item.arrivedAtMs);
    }
    const { samples, replaced } = sanitize(item.samples);
    this.#invalidSamples += replaced / item.channels;
    for (const window of extractor.push(samples, item.arrivedAtMs)) {
      if (this.#invalidSamples > 0) yield this.#invalid();
      const phase = this.#phaseChange(extractor);
      if (phase) yield phase;
      yield window;
    }
  }

  /** An event's common fields, at the current audio time of the stream. */
  event<Type extends StreamEvent['type']>(type: Type, message: string) {
    return { type, stream: this.#stream, t: this.#t, time: new Date().toISOString(), message };
  }

  get #t(): number {
    return Math.round((this.#extractor?.seconds ?? 0) * 1e6) / 1e6;
  }

  #extractorFor({ sampleRateHz, channels }: AudioChunk): FeatureExtractor {
    const now = this.#extractor?.format;
    if (!this.#extractor || now?.sampleRateHz !== sampleRateHz || now.channels !== channels) {
      const format = { sampleRateHz, channels };
      this.#extractor = new FeatureExtractor(this.#plans, format, this.#extractor?.state, this.#needs);
    }
    return this.#extractor;
  }

  #formatChange(before: FeatureExtractor): StreamEvent {
    const { sampleRateHz, channels } = this.#extractor!.format;
    const was = `${before.format.sampleRateHz} Hz, ${before.format.channels} channels`;
    return {
      ...this.event('gap', `The source changed from ${was} to ${sampleRateHz} Hz, ${channels} channels.`),
      reason: 'format-change',
      seconds: before.seconds - before.steps * STEP_SECONDS,
    };
  }

  #gap(reason: 'overflow' | 'invalid-samples', samples: number, why: string): StreamEvent {
    const seconds = Math.round((samples / this.#extractor!.format.sampleRateHz) * 1e6) / 1e6;
    return { ...this.event('gap', `${why}: ${seconds} s count as silence.`), reason, seconds };
  }

  /** Compares how the channels were mixed at the end of a step with what was reported. */
  #phaseChange({ downmix }: FeatureExtractor): StreamEvent | undefined {
    const { cancels, steps } = this.#phase;
    if (downmix.cancels === undefined) return undefined;
    if (downmix.cancels === cancels) {
      if (steps > 0) this.#phase = { cancels, steps: 0 };
      return undefined;
    }
    const enough = steps + 1 === (cancels ? RESTORE_STEPS : CANCEL_STEPS);
    this.#phase = enough ? { cancels: !cancels, steps: 0 } : { cancels, steps: steps + 1 };
    if (!enough) return undefined;
    if (cancels) return this.event('phase-restored', 'The channels no longer cancel: their mix is analyzed.');
    const message = `The channels cancel in their mix, so channel ${downmix.channel + 1} alone is analyzed: one of them may be inverted; check the cable or the input.`;
    return this.event('phase-cancellation', message);
  }

  /** At most one such event per step, however many samples are invalid. */
  #invalid(): StreamEvent {
    const samples = this.#invalidSamples;
    this.#invalidSamples = 0;
    return this.#gap('invalid-samples', samples, 'Samples were not finite or far over full scale');
  }
}
