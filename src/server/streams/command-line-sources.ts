import type { Logger } from 'pino';
import { hasDefaultInput } from '../../stream/sources/soundcard/devices.ts';
import { parseStreamSpec } from '../../stream/sources/source-uri.ts';
import type { PublishedMessage, Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import type { Settings } from '../config/settings.ts';
import type { RunningServer } from '../server-options.ts';
import { sourceOf } from '../shards/source-spec.ts';

export interface NamedSource {
  readonly name: string;
  readonly source: Source;
}

/**
 * The sources given on the command line. Without any, and without a list of streams in the configuration: the default
 * sound card if there is one, else the demo.
 *
 * @throws UserError `usage`
 */
export async function openSources({
  sources: specs,
  stdin,
  streamsNamed,
  plan,
}: Settings): Promise<NamedSource[]> {
  const defaults = streamsNamed ? [] : [(await hasDefaultInput()) ? 'soundcard:' : 'demo:'];
  const taken = new Set(plan.streams.map(({ name }) => name));
  return (specs.length > 0 ? specs : defaults).map((spec) => {
    try {
      const { name: wanted, uri } = parseStreamSpec(spec);
      const isNamed = spec !== uri;
      if (isNamed && taken.has(wanted))
        throw new UserError('usage', `Two sources are named "${wanted}": give each source its own name.`);
      const name = isNamed ? wanted : uniqueName(wanted, taken);
      taken.add(name);
      return { name, source: sourceOf({ uri, playlists: true, pcm: stdin, persistent: false }) };
    } catch (error) {
      // On the command line, an invalid source is a usage error.
      if (error instanceof UserError) throw new UserError('usage', error.message, { cause: error });
      throw error;
    }
  });
}

/** `demo`, `demo-2`, … for sources without a name of their own. */
function uniqueName(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name.slice(0, 60)}-${n}`;
    if (!taken.has(candidate)) return candidate;
  }
}

export interface FailureOptions {
  readonly server: RunningServer;
  readonly sources: readonly NamedSource[];
  readonly settings: Settings;
  readonly logger: Logger;
}

/**
 * Resolves with the error when every source that the command line named has failed before its first frame and no
 * other stream runs: a server that keeps running would hide the user's mistake.
 */
export function allSourcesFailed({ server, sources, settings, logger }: FailureOptions): Promise<UserError> {
  return new Promise((resolve) => {
    if (settings.sources.length === 0) return;
    const pending = new Set(sources.map(({ name }) => name));
    let anyWorks = settings.streamsNamed;
    const remove = server.sinks.add({ name: 'first-frames', write });
    function write({ message }: PublishedMessage): void {
      if (!pending.has(message.stream)) return;
      if (message.type === 'emotion' || message.type === 'stream-stopped') pending.delete(message.stream);
      if (message.type === 'emotion') anyWorks = true;
      else if (message.type === 'stream-stopped' && message.code !== undefined) {
        const { stream } = message;
        logger.error({ stream }, `The source "${stream}" cannot be read: ${message.message}`);
        if (!anyWorks && pending.size === 0 && server.hub.running === 0)
          resolve(new UserError(message.code, message.message));
      }
      if (pending.size === 0) remove();
    }
  });
}
