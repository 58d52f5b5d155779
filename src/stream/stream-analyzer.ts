import type { AudioChunk, EmotionModel, SourceItem, StepWindow, StreamEvent } from '../types.ts';
import { STEP_SECONDS } from '../types.ts';
import { continueAt, FeatureExtractor, type FeatureExtractorState } from './feature-extractor.ts';
import type { FftPlans } from './fft.ts';
import { sanitize } from './mono.ts';
import { trackName } from './track-title.ts';

export interface StreamAnalyzerState {
  /** Absent before the first chunk. */
  readonly extractor?: FeatureExtractorState;
  readonly cancellation?: Cancellation;
}

/** Whether it is reported that the channels cancel, and for how many steps in a row the opposite has been so. */
interface Cancellation {
  readonly reported: boolean;
  readonly otherwise: number;
}

/** 3 s of sound, so that a single passage in a wide recording is not reported. */
const STEPS_TO_REPORT = 6;
const IN_PHASE: Cancellation = { reported: false, otherwise: 0 };

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
  /** Of a new stream, whose first sample may not be that of step 0. */
  #firstStep: number;
  #extractor: FeatureExtractor | undefined;
  #invalidSamples = 0;
  #cancellation: Cancellation;
  /** Of a source that analyzes its audio itself. */
  #analyzedSeconds: number | undefined;

  /**
   * @param needs what the model needs besides the mel window
   * @param firstStep the step from which it continues, if that is after the one of the state
   */
  constructor(
    stream: string,
    plans: FftPlans,
    state?: StreamAnalyzerState,
    needs?: EmotionModel['needs'],
    firstStep = 0,
  ) {
    this.#stream = stream;
    this.#plans = plans;
    this.#needs = needs;
    this.#firstStep = firstStep;
    this.#cancellation = state?.cancellation ?? IN_PHASE;
    if (!state?.extractor) return;
    const extractor = continueAt(state.extractor, firstStep);
    this.#extractor = new FeatureExtractor(plans, extractor.format, extractor, needs);
  }

  get state(): StreamAnalyzerState {
    return this.#extractor ? { extractor: this.#extractor.state, cancellation: this.#cancellation } : {};
  }

  /** Returns to the state of a new stream: the next sample is the first of step 0. */
  reset(): void {
    this.#extractor = undefined;
    this.#firstStep = 0;
    this.#invalidSamples = 0;
    this.#cancellation = IN_PHASE;
    this.#analyzedSeconds = undefined;
  }

  /**
   * Analyzes one item, step by step: when a window is yielded, `state` is the state at the end of its step.
   *
   * @throws UserError `bad-format` for a sample rate or channel count out of range
   */
  *analyze(item: SourceItem): Generator<AnalyzerOutput, void, undefined> {
    if (item.type === 'analyzed') {
      this.#analyzedSeconds = item.seconds;
      yield* item.outputs;
      return;
    }
    if (item.type !== 'audio') {
      const { type, message, ...reason } = item;
      yield { ...this.event(type, message), ...reason } as StreamEvent;
      return;
    }
    const before = this.#extractor;
    const extractor = this.#extractorFor(item);
    if (before && extractor !== before) yield this.#formatChange(before);
    if (item.lostSamples) {
      yield item.skipped
        ? this.#gap('overload', item.lostSamples, 'Audio was skipped, as this machine was too slow for it')
        : this.#gap('overflow', item.lostSamples, 'Audio was lost before it could be analyzed');
      yield* extractor.skip(item.lostSamples, item.arrivedAtMs);
    }
    if (item.track) yield { ...this.event('track', `${trackName(item.track)} began.`), ...item.track };
    const { channels } = item;
    // Step by step, so that what is reported of a step does not depend on how the samples are cut into chunks.
    for (let at = 0; at < item.samples.length; ) {
      const end = Math.min(item.samples.length, at + extractor.missing * channels);
      const { samples, replaced } = sanitize(item.samples.subarray(at, end));
      at = end;
      this.#invalidSamples += replaced / channels;
      for (const window of extractor.push(samples, item.arrivedAtMs)) {
        if (this.#invalidSamples > 0) yield this.#invalid();
        const phase = this.#phaseChange(extractor.downmix);
        if (phase) yield phase;
        yield window;
      }
    }
  }

  /** What there is of the window in the middle of a step; valid until the next item. */
  get unfinished(): Pick<StepWindow, 'fine'> {
    return this.#extractor?.unfinished ?? {};
  }

  /** An event's common fields, at the current audio time of the stream. */
  event<Type extends StreamEvent['type']>(type: Type, message: string) {
    return { type, stream: this.#stream, t: this.#t, time: new Date().toISOString(), message };
  }

  /** Seconds of audio since the stream began. */
  get seconds(): number {
    return this.#analyzedSeconds ?? this.#extractor?.seconds ?? this.#firstStep * STEP_SECONDS;
  }

  get #t(): number {
    return Math.round(this.seconds * 1e6) / 1e6;
  }

  #extractorFor({ sampleRateHz, channels }: AudioChunk): FeatureExtractor {
    const now = this.#extractor?.format;
    if (!this.#extractor || now?.sampleRateHz !== sampleRateHz || now.channels !== channels) {
      const format = { sampleRateHz, channels };
      const state = this.#extractor?.state;
      this.#extractor = new FeatureExtractor(this.#plans, format, state, this.#needs, this.#firstStep);
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

  /** Reports that the channels cancel, or no longer do, once that has lasted. Silence changes nothing. */
  #phaseChange({ cancels, channel }: FeatureExtractor['downmix']): StreamEvent | undefined {
    const { reported, otherwise } = this.#cancellation;
    if (cancels === undefined) return undefined;
    if (cancels === reported) {
      if (otherwise > 0) this.#cancellation = { reported, otherwise: 0 };
      return undefined;
    }
    if (otherwise + 1 < STEPS_TO_REPORT) {
      this.#cancellation = { reported, otherwise: otherwise + 1 };
      return undefined;
    }
    this.#cancellation = { reported: cancels, otherwise: 0 };
    return cancels
      ? this.event(
          'phase-cancellation',
          `The channels cancel each other in the mix, so channel ${channel + 1} alone is analyzed; check for an inverted channel (a balanced line on a stereo input, a crossed cable).`,
        )
      : this.event(
          'phase-restored',
          'The channels no longer cancel each other; their mix is analyzed again.',
        );
  }

  #gap(reason: 'overflow' | 'overload' | 'invalid-samples', samples: number, why: string): StreamEvent {
    const seconds = Math.round((samples / this.#extractor!.format.sampleRateHz) * 1e6) / 1e6;
    const read = seconds < 10 ? Number(seconds.toPrecision(2)) : Math.round(seconds);
    return { ...this.event('gap', `${why}: ${read} s count as silence.`), reason, seconds };
  }

  /** At most one such event per step, however many samples are invalid. */
  #invalid(): StreamEvent {
    const samples = this.#invalidSamples;
    this.#invalidSamples = 0;
    return this.#gap('invalid-samples', samples, 'Samples were not finite or far over full scale');
  }
}
