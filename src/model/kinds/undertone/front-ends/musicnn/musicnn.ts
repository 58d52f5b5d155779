import { MEL_BANDS } from '../../../../../stream/mel.ts';
import { WINDOW_FRAMES } from '../../../../../stream/mel-ring.ts';
import type { Engine } from '../../../../engine.ts';
import { fetchTidy } from '../../../../tensors.ts';
import { AS_PUBLISHED, type Pruning } from './filters.ts';
import { createLayers } from './layers.ts';
import { joinFeatures, tagPatches } from './patch.ts';
import { FEATURE_COUNT } from './sizes.ts';
import { createStreaming, type MusicnnState, type MusicnnStep } from './streaming.ts';
import { readMusicnnWeights } from './weights.ts';

/** The tags of the logits, in order. */
const MUSICNN_TAGS: readonly string[] = (
  'rock, pop, alternative, indie, electronic, female vocalists, dance, 00s, alternative rock, jazz, ' +
  'beautiful, metal, chillout, male vocalists, classic rock, soul, indie rock, Mellow, electronica, 80s, ' +
  'folk, 90s, chill, instrumental, punk, oldies, blues, hard rock, ambient, acoustic, experimental, ' +
  'female vocalist, guitar, Hip-Hop, 70s, party, country, easy listening, sexy, catchy, funk, electro, ' +
  'heavy metal, Progressive rock, 60s, rnb, indie pop, sad, House, happy'
).split(', ');

export interface MusicnnOutput {
  /** `FEATURE_COUNT` numbers in the layout of `FEATURES` (sizes.ts). */
  readonly features: Float32Array;
  /** One for each of `MUSICNN_TAGS`, before the sigmoid. */
  readonly logits: Float32Array;
}

/** MSD_musicnn (Pons & Serra 2019, ISC license): a tagger trained on a million songs, used for its features. */
export interface Musicnn {
  readonly tags: readonly string[];
  /** The state of a new stream. */
  initialState(): MusicnnState;
  /** Computes one step of each stream: only the outputs that the new frames change. */
  step(inputs: readonly MusicnnStep[]): (MusicnnOutput & { readonly state: MusicnnState })[];
  /** The network as published, on separate patches `[batch, 187, 96]`: the reference, at 4 times the cost. */
  patch(mel: Float32Array): MusicnnOutput[];
  dispose(): void;
}

/** @param folder with manifest.json and weights.bin, such as `models/musicnn` */
export async function loadMusicnn(
  { tf }: Engine,
  folder: string,
  pruning: Pruning = AS_PUBLISHED,
): Promise<Musicnn> {
  const layers = createLayers(tf, await readMusicnnWeights(folder), pruning);
  const streaming = createStreaming(tf, layers);
  return {
    tags: MUSICNN_TAGS,
    initialState: streaming.initialState,

    step(inputs) {
      const { states, outputs } = streaming.step(inputs);
      return splitOutputs(outputs, inputs.length).map((output, i) => ({ ...output, state: states[i]! }));
    },

    patch(mel) {
      const batch = mel.length / (WINDOW_FRAMES * MEL_BANDS);
      if (!Number.isInteger(batch)) throw new RangeError(`${mel.length} numbers are not whole patches`);
      const [outputs] = fetchTidy(tf, () => [joinFeatures(tf, tagPatches(tf, layers, mel, batch))]);
      return splitOutputs(outputs!, batch);
    },

    dispose: layers.dispose,
  };
}

function splitOutputs(outputs: Float32Array, batch: number): MusicnnOutput[] {
  const size = FEATURE_COUNT + MUSICNN_TAGS.length;
  return Array.from({ length: batch }, (_, i) => ({
    features: outputs.slice(i * size, i * size + FEATURE_COUNT),
    logits: outputs.slice(i * size + FEATURE_COUNT, (i + 1) * size),
  }));
}
