import { openSource } from '../../stream/sources/index.ts';
import { hasDefaultInput } from '../../stream/sources/soundcard/devices.ts';
import { parseStreamSpec } from '../../stream/sources/source-uri.ts';
import type { Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import type { Settings } from '../config/settings.ts';

export interface NamedSource {
  readonly name: string;
  readonly source: Source;
}

/**
 * The sources that the command line asks for. Without any, and where no configuration says which streams there
 * are: the sound card where there is one, else the demo.
 */
export async function openSources({
  sources: specs,
  stdin,
  streamsNamed,
  plan,
}: Settings): Promise<NamedSource[]> {
  const usual = streamsNamed ? [] : [(await hasDefaultInput()) ? 'soundcard:' : 'demo:'];
  const taken = new Set(plan.streams.map(({ name }) => name));
  return (specs.length > 0 ? specs : usual).map((spec) => {
    try {
      const { name: asked, uri } = parseStreamSpec(spec);
      const given = spec !== uri;
      if (given && taken.has(asked))
        throw new UserError('usage', `Two sources are named "${asked}": give each a name of its own.`);
      const name = given ? asked : free(asked, taken);
      taken.add(name);
      return { name, source: openSource(uri, stdin ? { pcm: stdin } : {}) };
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
