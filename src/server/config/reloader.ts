import type { Logger } from 'pino';
import { UserError } from '../../user-error.ts';
import type { RunningServer } from '../server.ts';
import type { ServeOptions } from './serve-options.ts';
import { readSettings, type Settings } from './settings.ts';

/** What only a restart changes: of TLS, whether there is any; its files are taken over. */
const FIXED = [
  'host',
  'port',
  'dataDir',
  'model',
  'engine',
  'logFormat',
  'tokenFile',
  'stdin',
  'passphrase',
  'eraseFrames',
  'limits',
  'tls',
] as const satisfies readonly (keyof Settings)[];

const isSame = (key: (typeof FIXED)[number], a: Settings, b: Settings): boolean =>
  key === 'tls'
    ? (a.tls === undefined) === (b.tls === undefined)
    : JSON.stringify(a[key]) === JSON.stringify(b[key]);

export interface ReloaderOptions {
  readonly options: ServeOptions;
  readonly settings: Settings;
  /** Throws a UserError for settings that cannot be gone over to. */
  readonly check: (next: Settings) => Promise<void>;
  readonly server: RunningServer;
  readonly logger: Logger;
}

/**
 * Reads the configuration again. One that is wrong changes nothing and is told; of a right one the streams
 * that stay as they are go on without a hole.
 */
export function reloader({ options, settings: first, check, server, logger }: ReloaderOptions): () => void {
  let now = first;
  let work = Promise.resolve();

  async function reload(): Promise<void> {
    let next: Settings;
    try {
      next = readSettings(options);
      await check(next);
      await server.reload(next);
    } catch (fault) {
      if (!(fault instanceof UserError)) throw fault;
      logger.error(
        { code: fault.code },
        `${fault.message} Nothing is changed: the configuration stays as it was.`,
      );
      return;
    }
    const fixed = FIXED.filter((key) => !isSame(key, next, now));
    if (fixed.length > 0)
      logger.warn(`The configuration has changed in what only a restart changes: ${fixed.join(', ')}.`);
    now = { ...next, ...Object.fromEntries(FIXED.map((key) => [key, now[key]])) };
    logger.level = next.logLevel;
    logger.info('The configuration has been read again.');
  }

  return () => {
    // One after the other, in the order asked for.
    work = work.then(reload).catch((err) => logger.error({ err }, 'The configuration cannot be read again.'));
  };
}
