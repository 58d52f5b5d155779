import { openRecording } from '../../src/stream/sources/index.ts';

/**
 * Decodes a stretch of a recording, the mean of its channels. A recording that ends before `from + seconds` gives its
 * last `seconds`, or all of it.
 *
 * @throws UserError if the recording cannot be read
 */
export async function decodeStretch(
  path: string,
  from: number,
  seconds: number,
): Promise<{ readonly mono: Float32Array; readonly sampleRateHz: number }> {
  const pieces: Float32Array[] = [];
  let rate = 0;
  let length = 0;
  for await (const item of openRecording(path).source.open(new AbortController().signal)) {
    if (item.type !== 'audio') continue;
    rate ||= item.sampleRateHz;
    if (item.sampleRateHz !== rate) break; // A stretch has one rate.
    pieces.push(meanOf(item.samples, item.channels));
    length += pieces.at(-1)!.length;
    if (length >= (from + seconds) * rate) break;
  }
  const end = Math.min(length, Math.round((from + seconds) * rate));
  const start = Math.max(0, end - Math.round(seconds * rate));
  const all = new Float32Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return { mono: all.slice(start, end), sampleRateHz: rate || 44_100 };
}

function meanOf(samples: Float32Array, channels: number): Float32Array {
  if (channels === 1) return samples.slice();
  const mono = new Float32Array(samples.length / channels);
  for (let i = 0; i < mono.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += samples[i * channels + c]!;
    mono[i] = sum / channels;
  }
  return mono;
}
