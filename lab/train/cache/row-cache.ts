import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FrontEnd } from '../../../src/model/kinds/undertone/front-ends/front-end.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import type { StepWindow } from '../../../src/types.ts';
import { extractRows } from '../features/feature-rows.ts';
import { readCached, writeCached } from './cache-file.ts';
import { frontEndFingerprint } from './fingerprint.ts';

/** Recordings that the front end processes in parallel. */
const STREAMS = 64;

/** The windows of a recording, as input of a front end. */
export interface RowSource {
  /** A hash of everything that the windows depend on. */
  readonly key: string;
  /** Starts the windows. Each may be reused when the next one is requested. */
  readonly open: () => AsyncIterable<StepWindow>;
}

interface RowRequest {
  readonly frontEnd: FrontEnd;
  readonly plans: FftPlans;
  readonly cacheFolder: string;
}

/**
 * The output of a front end for recordings, from the cache if it was extracted before.
 *
 * @param onClip called once per recording
 * @returns [steps, inputs] for each recording
 */
export async function cachedRows(
  recordings: readonly RowSource[],
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
    const group = missing.slice(at, at + STREAMS);
    const extracted = await extractRows(
      group.map((i) => recordings[i]!.open()),
      frontEnd,
    );
    for (const [k, i] of group.entries()) {
      const own = extracted[k]!;
      rows[i] = own;
      if (own.length > 0) await writeCached(places[i]!, new Uint8Array(own.buffer));
      onClip();
    }
  }
  return rows as Float32Array[];
}
