import type { AudioChunk, EmotionModel, SourceItem, StepWindow, StreamEvent } from '../types.ts';
import { STEP_SECONDS } from '../types.ts';
import { Analyser, type AnalyserState } from './feature-extractor.ts';
import type { FftPlans } from './fft.ts';
import { sanitise } from './mono.ts';

export interface ListenerState {
  /** Absent until the first chunk told the format. */
  readonly analyser?: AnalyserState;
}

/** What a stream hears: windows, and events about audio that it could not hear. */
export type Heard = StepWindow | StreamEvent;

/**
 * Drives one stream's Analyser with what its source delivers, however odd: a format that changes, audio
 * that was lost, samples that are no audio. Time goes on by counted samples through all of it.
 */
export class Listener {
  readonly #stream: string;
  readonly #plans: FftPlans;
  readonly #hears: EmotionModel['hears'];
  #analyser: Analyser | undefined;
  #invalidSamples = 0;

  /** @param hears what the windows are for, as the model says */
  constructor(stream: string, plans: FftPlans, state?: ListenerState, hears?: EmotionModel['hears']) {
    this.#stream = stream;
    this.#plans = plans;
    this.#hears = hears;
    if (state?.analyser) this.#analyser = new Analyser(plans, state.analyser.format, state.analyser, hears);
  }

  get state(): ListenerState {
    return this.#analyser ? { analyser: this.#analyser.state } : {};
  }

  /** Forgets all that was heard: the next sample is the first of step 0. */
  reset(): void {
    this.#analyser = undefined;
    this.#invalidSamples = 0;
  }

  /**
   * Works an item off step by step; after each window the analysis rests at that step's end.
   *
   * @throws UserError `bad-format` for a rate or channel count that cannot be heard
   */
  *hear(item: SourceItem): Generator<Heard, void, undefined> {
    if (item.type !== 'audio') {
      yield this.event(item.type, item.message);
      return;
    }
    const before = this.#analyser;
    const analyser = this.#analyserFor(item);
    if (before && analyser !== before) yield this.#formatChange(before);
    if (item.lostSamples) {
      yield this.#gap('overflow', item.lostSamples, 'Audio was lost before it could be heard');
      yield* analyser.skip(item.lostSamples, item.arrivedAtMs);
    }
    const { samples, replaced } = sanitise(item.samples);
    this.#invalidSamples += replaced / item.channels;
    for (const window of analyser.push(samples, item.arrivedAtMs)) {
      if (this.#invalidSamples > 0) yield this.#invalid();
      yield window;
    }
  }

  /** The fields that every event of this stream has, at the present audio time. */
  event<Type extends StreamEvent['type']>(type: Type, message: string) {
    return { type, stream: this.#stream, t: this.#t, time: new Date().toISOString(), message };
  }

  get #t(): number {
    return Math.round((this.#analyser?.seconds ?? 0) * 1e6) / 1e6;
  }

  #analyserFor({ sampleRateHz, channels }: AudioChunk): Analyser {
    const now = this.#analyser?.format;
    if (!this.#analyser || now?.sampleRateHz !== sampleRateHz || now.channels !== channels) {
      const format = { sampleRateHz, channels };
      this.#analyser = new Analyser(this.#plans, format, this.#analyser?.state, this.#hears);
    }
    return this.#analyser;
  }

  #formatChange(before: Analyser): StreamEvent {
    const { sampleRateHz, channels } = this.#analyser!.format;
    const was = `${before.format.sampleRateHz} Hz, ${before.format.channels} channels`;
    return {
      ...this.event('gap', `The source changed from ${was} to ${sampleRateHz} Hz, ${channels} channels.`),
      reason: 'format-change',
      seconds: before.seconds - before.steps * STEP_SECONDS,
    };
  }

  #gap(reason: 'overflow' | 'invalid-samples', samples: number, why: string): StreamEvent {
    const seconds = Math.round((samples / this.#analyser!.format.sampleRateHz) * 1e6) / 1e6;
    return { ...this.event('gap', `${why}: ${seconds} s were heard as silence.`), reason, seconds };
  }

  /** At most one such event a step, however many bad samples come. */
  #invalid(): StreamEvent {
    const samples = this.#invalidSamples;
    this.#invalidSamples = 0;
    return this.#gap('invalid-samples', samples, 'Samples were not finite numbers within ±16');
  }
}
