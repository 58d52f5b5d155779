import { decodeStream } from '../../src/stream/decode/decode.ts';
import { checkFormat } from '../../src/stream/feature-extractor.ts';
import { UserError } from '../../src/user-error.ts';

/** What came of decoding bytes, without the model. */
export interface Outcome {
  readonly seconds: number;
  /** Whether it ended with a sentence, or a gap or notice was delivered: somebody is informed. */
  readonly word: boolean;
  readonly sentence?: string;
}

/** Sound that no bytes can hold: a decoder that goes on for longer than this never ends. */
const MAX_SECONDS_PER_BYTE = 1;
const PIECE_BYTES = 8192;

/**
 * Decodes bytes as `track` does.
 *
 * @param onPiece called before each piece with the bytes passed in so far and the seconds that came out
 * @throws anything that is not a UserError, which is a crash
 */
export async function outcomeOf(
  bytes: Uint8Array,
  onPiece: (bytes: number, seconds: number) => void = () => {},
): Promise<Outcome> {
  let seconds = 0;
  let word = false;
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      onPiece(at, seconds);
      yield bytes.slice(at, at + PIECE_BYTES);
    }
    onPiece(bytes.length, seconds);
  }
  try {
    for await (const item of decodeStream(pieces(), { name: 'song' })) {
      if (item.type !== 'audio' || item.lostSamples) word = true;
      if (item.type !== 'audio') continue;
      checkFormat(item);
      word ||= item.samples.includes(Number.NaN); // what is blank becomes a gap
      seconds += item.samples.length / item.channels / item.sampleRateHz;
      if (seconds > 60 + bytes.length * MAX_SECONDS_PER_BYTE)
        throw new Error(`It does not end: ${seconds} s from ${bytes.length} bytes.`);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { seconds, word: true, sentence: error.message };
  }
  return { seconds, word };
}

/** A seed from a name, so that other rows do not change it. */
export function seedOf(name: string): number {
  return [...name].reduce((hash, letter) => (31 * hash + letter.codePointAt(0)!) % 1_000_003, 7);
}

/** Numbers from 0 to 1 that look random but are the same on every run. */
export function random(seed: number): () => number {
  let state = (seed * 2_654_435_761) % 2_147_483_647 || 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** A copy in which one byte of a hundred has another value. */
export function flipped(bytes: Uint8Array, seed: number): Uint8Array {
  const next = random(seed);
  const damaged = bytes.slice();
  for (let i = 0; i < bytes.length / 100; i++) {
    damaged[Math.floor(next() * bytes.length)]! ^= 1 + Math.floor(next() * 255);
  }
  return damaged;
}

/** Sound that is missing without a gap, notice or error: after a cut, or after flipped bytes. */
export interface Loss {
  readonly kind: 'cut' | 'flip';
  readonly text: string;
}

/**
 * Cuts a file at every sixteenth of its bytes, and flips one byte of a hundred.
 *
 * @param links seconds of each recording in the file: a cut between two leaves a whole one
 * @param tellsEnd whether the file states its length, so that a part of it must be reported as cut short
 * @returns each time that sound was lost and nobody was informed
 */
export async function silentLosses(
  bytes: Uint8Array,
  { tellsEnd, links, seed }: { tellsEnd: boolean; links: readonly number[]; seed: number },
): Promise<Loss[]> {
  const curve: (readonly [bytes: number, seconds: number])[] = [];
  const whole = await outcomeOf(bytes, (...point) => void curve.push(point));
  const found: Loss[] = [];
  for (let k = 1; k < 16; k++) {
    const length = Math.floor((bytes.length * k) / 16);
    const { seconds, word } = await outcomeOf(bytes.slice(0, length));
    // What the decoder of the whole file had delivered when it had received as much.
    const [, there] = curve.findLast(([at]) => at <= length)!;
    const text = `${k}/16: ${seconds.toFixed(2)}`;
    if (seconds < there - 0.001) found.push({ kind: 'cut', text: `${text} of ${there.toFixed(2)} s` });
    const isWhole = links.some((_, i) => near(seconds, sum(links.slice(0, i + 1))));
    if (tellsEnd && !word && !isWhole) found.push({ kind: 'cut', text: `${text} s and no word` });
  }
  const damaged = await outcomeOf(flipped(bytes, seed));
  if (!damaged.word && damaged.seconds < 0.9 * whole.seconds)
    found.push({
      kind: 'flip',
      text: `${damaged.seconds.toFixed(2)} of ${whole.seconds.toFixed(2)} s and no word`,
    });
  return found;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0);
const near = (a: number, b: number): boolean => Math.abs(a - b) < 0.1;
