import { ChromaFrames } from '../../stream/chroma/chroma-frames.ts';
import type { FftPlans } from '../../stream/fft.ts';
import { MelFrames } from '../../stream/mel.ts';
import { mixToMono, sanitize } from '../../stream/mono.ts';
import type { AudioChunk } from '../../types.ts';
import { type KeyEstimate, KeyEstimator } from './key.ts';
import { type Tempo, TempoEstimator } from './tempo.ts';

/** Estimates tempo and key of a recording from its audio, as it is decoded. */
export class TempoAndKey {
  readonly #fft: FftPlans;
  readonly #tempo = new TempoEstimator();
  readonly #key = new KeyEstimator();
  #rate = 0;
  #mel: MelFrames | undefined;
  #chroma: ChromaFrames | undefined;

  constructor(fft: FftPlans) {
    this.#fft = fft;
  }

  push({ samples, channels, sampleRateHz }: AudioChunk): void {
    if (samples.length === 0) return;
    if (this.#rate !== sampleRateHz) {
      this.#rate = sampleRateHz;
      this.#mel = new MelFrames(this.#fft, sampleRateHz);
      this.#chroma = new ChromaFrames(this.#fft, sampleRateHz, (frame) => this.#key.push(frame));
    }
    const clean = sanitize(samples).samples;
    const mono = mixToMono(clean, channels, new Float32Array(clean.length / channels));
    this.#mel!.push(mono, this.#onMel);
    this.#chroma!.push(mono);
  }

  readonly #onMel = (frame: Float32Array) => this.#tempo.push(frame);

  get tempo(): Tempo | null {
    return this.#tempo.tempo;
  }

  get key(): KeyEstimate | null {
    return this.#key.estimate;
  }
}
