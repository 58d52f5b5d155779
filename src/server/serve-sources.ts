import { hasDefaultInput } from '../stream/sources/devices.ts';
import { openSource, parseStreamSpec } from '../stream/sources/index.ts';
import type { Source } from '../types.ts';
import { UserError } from '../user-error.ts';
import type { ServeOptions } from './serve-options.ts';

export interface NamedSource {
  readonly name: string;
  readonly source: Source;
}

/** The sources that the command line asks for; without any, the sound card where there is one, else the demo. */
export async function openSources({
  source: specs,
  format,
  rate,
  channels,
}: Pick<ServeOptions, 'source' | 'format' | 'rate' | 'channels'>): Promise<NamedSource[]> {
  const wanted = specs.length > 0 ? specs : [(await hasDefaultInput()) ? 'soundcard:' : 'demo:'];
  const taken = new Set<string>();
  return wanted.map((spec) => {
    try {
      const { name: asked, uri } = parseStreamSpec(spec);
      const given = spec !== uri;
      if (given && taken.has(asked))
        throw new UserError('usage', `Two sources are named "${asked}": give each a name of its own.`);
      const name = given ? asked : free(asked, taken);
      taken.add(name);
      const options = format ? { pcm: { format, sampleRateHz: rate, channels } } : {};
      return { name, source: openSource(uri, options) };
    } catch (error) {
      // On the command line a source that cannot be is wrong usage.
      if (error instanceof UserError) throw new UserError('usage', error.message, { cause: error });
      throw error;
    }
  });
}

/** `demo`, `demo-2`, … for sources that nobody named. */
function free(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name.slice(0, 60)}-${n}`;
    if (!taken.has(candidate)) return candidate;
  }
}
