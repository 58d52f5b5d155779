import type { Source, SourceItem } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { createBackoff, type RetryOptions, wait } from '../../util/retry.ts';
import { lostNotice } from './lost-notice.ts';

const DEFAULTS: RetryOptions = { retryMs: 1_000, maxRetryMs: 60_000 };

/**
 * Keeps a source running on an unattended server: when it throws a UserError, even on opening, `source-lost` is
 * reported and the source is opened again, with growing delays. When the source ends without an error, so does this
 * one.
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
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          if (signal.aborted) return;
          if (!lost) {
            const message = `${error.message.replace(/\.$/, '')}; trying again until it is back.`;
            yield lostNotice(error, message);
          }
          lost = true;
        }
        await wait(backoff.nextMs(), signal);
        if (signal.aborted) return;
      }
    },
  };
}
