import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FrontEnd } from '../../../src/model/kinds/undertone/front-ends/front-end.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import type { StepWindow } from '../../../src/types.ts';
import { hearRows } from '../features/feature-rows.ts';
import { readCached, writeCached } from './cache-file.ts';
import { frontEndFingerprint } from './fingerprint.ts';

/** Recordings heard side by side. */
const STREAMS = 64;

/** A recording for a front end to hear. */
export interface ToHear {
  /** What it is made of, as a hash. */
  readonly key: string;
  /** Opens it; windows may be reused by the next one. */
  readonly open: () => AsyncIterable<StepWindow>;
}

export interface RowRequest {
  readonly frontEnd: FrontEnd;
  readonly plans: FftPlans;
  readonly cacheFolder: string;
}

/** What a front end makes of recordings, [steps, inputs] each: from the cache where they were heard before. */
export async function cachedRows(
  recordings: readonly ToHear[],
  { frontEnd, plans, cacheFolder }: RowRequest,
  onClip: () => void = () => {},
): Promise<Float32Array[]> {
  const code = frontEndFingerprint(frontEnd, plans);
  const places = recordings.map(({ key }) => {
    const hash = createHash('sha256').update(`${code}/${key}`).digest('hex');
    return join(cacheFolder, `${hash.slice(0, 32)}.rows`);
  });
  const rows: (Float32Array | undefined)[] = [];
  for (const place of places) {
    const bytes = await readCached(place);
    rows.push(bytes && new Float32Array(bytes));
    if (bytes) onClip();
  }
  const missing = [...rows.keys()].filter((i) => !rows[i]);
  for (let at = 0; at < missing.length; at += STREAMS) {
    const some = missing.slice(at, at + STREAMS);
    const heard = await hearRows(
      some.map((i) => recordings[i]!.open()),
      frontEnd,
    );
    for (const [k, i] of some.entries()) {
      const mine = heard[k]!;
      rows[i] = mine;
      if (mine.length > 0) await writeCached(places[i]!, new Uint8Array(mine.buffer));
      onClip();
    }
  }
  return rows as Float32Array[];
}
