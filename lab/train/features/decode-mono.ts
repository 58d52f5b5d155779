import { mixToMono } from '../../../src/stream/mono.ts';
import { openRecording } from '../../../src/stream/sources/index.ts';
import { UserError } from '../../../src/user-error.ts';

/** A whole recording, mean over its channels. */
export interface MonoRecording {
  readonly mono: Float32Array;
  readonly sampleRateHz: number;
}

/** @throws UserError `bad-audio`, `bad-format`, or `bad-data` where its sample rate changes on the way */
export async function decodeMono(path: string): Promise<MonoRecording> {
  const pieces: Float32Array[] = [];
  let sampleRateHz = 0;
  for await (const item of openRecording(path).source.open(new AbortController().signal)) {
    if (item.type !== 'audio') continue;
    sampleRateHz ||= item.sampleRateHz;
    if (item.sampleRateHz !== sampleRateHz) {
      throw new UserError(
        'bad-data',
        `The clip ${path} changes its sample rate on the way, but one rate is expected of what is heard as a whole; convert it or leave it out.`,
      );
    }
    pieces.push(
      mixToMono(item.samples, item.channels, new Float32Array(item.samples.length / item.channels)),
    );
  }
  const mono = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    mono.set(piece, at);
    at += piece.length;
  }
  return { mono, sampleRateHz };
}
