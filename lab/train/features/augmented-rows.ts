import { createHash } from 'node:crypto';
import type { Engine } from '../../../src/model/engine.ts';
import type { FrontEndName } from '../../../src/model/kinds/undertone/front-ends/index.ts';
import { loadFrontEnd } from '../../../src/model/kinds/undertone/front-ends/index.ts';
import { MODELS_FOLDER } from '../../../src/model/load.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { MEL_BANDS } from '../../../src/stream/mel.ts';
import type { Rendering } from '../augment/augmentation.ts';
import { PLAIN } from '../augment/spectral.ts';
import type { MelCache } from '../cache/mel-cache.ts';
import { cachedRows, type ToHear } from '../cache/row-cache.ts';
import { colouredWindows, liveWindows } from './clip-windows.ts';
import { hearPassage, passageKey } from './passage-mel.ts';

export interface RenderingRequest {
  readonly frontEnd: FrontEndName;
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly mels: MelCache;
}

/** What a front end makes of renderings: [steps, inputs] each. As recorded they are heard on the live path. */
export async function hearRenderings(
  renderings: readonly Rendering[],
  request: RenderingRequest,
  onRendering: () => void,
): Promise<Float32Array[]> {
  const { engine, fft: plans, cacheFolder } = request;
  const frontEnd = await loadFrontEnd(request.frontEnd, engine, MODELS_FOLDER);
  try {
    const toHear: ToHear[] = [];
    for (const rendering of renderings) toHear.push(await toHearOf(rendering, request));
    return await cachedRows(toHear, { frontEnd, plans, cacheFolder }, onRendering);
  } finally {
    frontEnd.dispose();
  }
}

async function toHearOf(
  { clip, playing, colourOf, passage }: Rendering,
  { frontEnd, mels, fft }: RenderingRequest,
): Promise<ToHear> {
  const { path } = clip;
  if (passage) {
    return {
      key: await passageKey(mels, clip, passage),
      async *open() {
        yield* colouredWindows((await hearPassage(mels, clip, passage)).mel, PLAIN);
      },
    };
  }
  if (!colourOf && frontEnd === 'patches') {
    // Loudness is not asked for, so that stored frames will do: no audio has to be decoded again.
    const windows = async function* () {
      yield* colouredWindows(await mels.get(path, playing), PLAIN);
    };
    return { key: `${await mels.keyOf(path, playing)}/stored`, open: windows };
  }
  if (!colourOf) return { key: await mels.keyOf(path), open: () => liveWindows(path, fft) };
  const { frames } = await mels.get(path, playing);
  const colour = colourOf(frames.length / MEL_BANDS);
  const hash = createHash('sha256')
    .update(await mels.keyOf(path, playing))
    .update(JSON.stringify(colour));
  return {
    key: hash.digest('hex'),
    async *open() {
      yield* colouredWindows(await mels.get(path, playing), colour);
    },
  };
}
