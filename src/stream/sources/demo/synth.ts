import type { AudioFormat } from '../../../types.ts';
import { createDrum } from './drum.ts';
import { createReverb } from './reverb.ts';
import { type Bar, type DrumEvent, type NoteEvent, score } from './score.ts';
import type { Voice } from './tone.ts';
import { createTone } from './tone.ts';

const BLOCK_SECONDS = 0.1;
/** Seconds in which the reverberation changes to that of a new passage. */
const REVERB_GLIDE = 2;

/** Synthesizes the endless piece of a seed in blocks of 0.1 s: [frames · channels], full scale ±1. */
export function* synthesize(
  seed: number,
  { sampleRateHz, channels }: AudioFormat,
): Generator<Float32Array, never, undefined> {
  const frames = Math.round(BLOCK_SECONDS * sampleRateHz);
  const left = new Float32Array(frames);
  const right = new Float32Array(frames);
  const events = createEventQueue(score(seed));
  const reverb = createReverb(sampleRateHz);
  let voices: Voice[] = [];
  let reverbAmount: number | undefined;

  for (let begin = 0; ; begin += frames) {
    left.fill(0);
    right.fill(0);
    voices = voices.filter((voice) => voice.render(left, right, 0, frames));
    for (const event of events.takeUntil((begin + frames) / sampleRateHz)) {
      const from = Math.min(frames, Math.max(0, Math.round(event.at * sampleRateHz) - begin));
      const voice = event.kind === 'note' ? createTone(event, sampleRateHz) : createDrum(event, sampleRateHz);
      if (voice.render(left, right, from, frames - from)) voices.push(voice);
    }
    reverbAmount ??= events.reverb;
    reverbAmount += (BLOCK_SECONDS / REVERB_GLIDE) * (events.reverb - reverbAmount);
    reverb.process(left, right, reverbAmount);
    yield mix(left, right, channels);
  }
}

/** A fresh array of samples, softly limited so that loud passages do not clip. */
function mix(left: Float32Array, right: Float32Array, channels: number): Float32Array {
  const samples = new Float32Array(left.length * channels);
  for (let i = 0; i < left.length; i++) {
    const l = limit(left[i]!);
    const r = limit(right[i]!);
    if (channels === 1) {
      samples[i] = 0.5 * (l + r);
    } else {
      samples[2 * i] = l;
      samples[2 * i + 1] = r;
    }
  }
  return samples;
}

/** Nearly linear for quiet samples; approaches ±1 for loud ones. */
function limit(x: number): number {
  const clipped = Math.max(-1.5, Math.min(1.5, x));
  return clipped - (4 / 27) * clipped * clipped * clipped;
}

/** The events of the score in order. A bar is composed only when its time comes. */
function createEventQueue(bars: Iterator<Bar, never, undefined>) {
  let bar = bars.next().value;
  let index = 0;
  return {
    get reverb(): number {
      return bar.reverb;
    },
    /** Yields and removes the events that begin before `seconds`. */
    *takeUntil(seconds: number): Generator<NoteEvent | DrumEvent> {
      for (;;) {
        const event = bar.events[index];
        if (event) {
          if (event.at >= seconds) return;
          index++;
          yield event;
        } else if (bar.start + bar.seconds < seconds) {
          bar = bars.next().value;
          index = 0;
        } else {
          return;
        }
      }
    },
  };
}
