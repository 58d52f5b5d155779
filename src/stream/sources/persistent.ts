import type { Source, SourceItem } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { createBackoff, type RetryOptions, wait } from '../../util/retry.ts';

const DEFAULTS: RetryOptions = { retryMs: 1_000, maxRetryMs: 60_000 };

/**
 * A source that must go on whatever happens, for a server that nobody watches: where the source gives up, be
 * it at its very start, that is told as `source-lost` and it is opened again, with growing pauses. What comes
 * to its end in good order is at its end.
 */
export function persistentSource(source: Source, options: Partial<RetryOptions> = {}): Source {
  return {
    uri: source.uri,
    async *open(signal): AsyncGenerator<SourceItem, void, undefined> {
      let lost = false;
      const backoff = createBackoff({ ...DEFAULTS, ...options });
      for (;;) {
        try {
          for await (const item of source.open(signal)) {
            if (lost && item.type !== 'source-lost') {
              if (item.type === 'audio') yield { type: 'source-restored', message: `${source.uri} is back.` };
              lost = false;
              backoff.reset();
            }
            yield item;
          }
          return;
        } catch (fault) {
          if (!(fault instanceof UserError)) throw fault;
          if (signal.aborted) return;
          if (!lost) {
            const message = `${fault.message.replace(/\.$/, '')}; trying again until it can be heard.`;
            yield { type: 'source-lost', message };
          }
          lost = true;
        }
        await wait(backoff.nextMs(), signal);
        if (signal.aborted) return;
      }
    },
  };
}
