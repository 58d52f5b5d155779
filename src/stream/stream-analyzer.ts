import type { AudioChunk, EmotionModel, SourceItem, StepWindow, StreamEvent } from '../types.ts';
import { STEP_SECONDS } from '../types.ts';
import { FeatureExtractor, type FeatureExtractorState } from './feature-extractor.ts';
import type { FftPlans } from './fft.ts';
import { sanitise } from './mono.ts';

export interface StreamAnalyzerState {
  /** Absent until the first chunk told the format. */
  readonly extractor?: FeatureExtractorState;
}

/** What a stream hears: windows, and events about audio that it could not hear. */
export type AnalyzerOutput = StepWindow | StreamEvent;

/**
 * Drives one stream's FeatureExtractor with what its source delivers, however odd: a format that changes, audio
 * that was lost, samples that are no audio. Time goes on by counted samples through all of it.
 */
export class StreamAnalyzer {
  readonly #stream: string;
  readonly #plans: FftPlans;
  readonly #needs: EmotionModel['needs'];
  #extractor: FeatureExtractor | undefined;
  #invalidSamples = 0;

  /** @param needs what the model needs besides mel windows */
  constructor(stream: string, plans: FftPlans, state?: StreamAnalyzerState, needs?: EmotionModel['needs']) {
    this.#stream = stream;
    this.#plans = plans;
    this.#needs = needs;
    if (state?.extractor)
      this.#extractor = new FeatureExtractor(plans, state.extractor.format, state.extractor, needs);
  }

  get state(): StreamAnalyzerState {
    return this.#extractor ? { extractor: this.#extractor.state } : {};
  }

  /** Forgets all that was heard: the next sample is the first of step 0. */
  reset(): void {
    this.#extractor = undefined;
    this.#invalidSamples = 0;
  }

  /**
   * Works an item off step by step; after each window the analysis rests at that step's end.
   *
   * @throws UserError `bad-format` for a rate or channel count that cannot be heard
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
      yield this.#gap('overflow', item.lostSamples, 'Audio was lost before it could be heard');
      yield* extractor.skip(item.lostSamples, item.arrivedAtMs);
    }
    const { samples, replaced } = sanitise(item.samples);
    this.#invalidSamples += replaced / item.channels;
    for (const window of extractor.push(samples, item.arrivedAtMs)) {
      if (this.#invalidSamples > 0) yield this.#invalid();
      yield window;
    }
  }

  /** The fields that every event of this stream has, at the present audio time. */
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
    return { ...this.event('gap', `${why}: ${seconds} s were heard as silence.`), reason, seconds };
  }

  /** At most one such event a step, however many bad samples come. */
  #invalid(): StreamEvent {
    const samples = this.#invalidSamples;
    this.#invalidSamples = 0;
    return this.#gap('invalid-samples', samples, 'Samples were not finite numbers within ±16');
  }
}
