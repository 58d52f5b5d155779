import type { Logger } from 'pino';
import { UserError } from '../../user-error.ts';
import type { RunningServer } from '../server-options.ts';
import { readSettings, type ServeOptions, type Settings } from './settings.ts';

/** Settings that need a restart. TLS can change its files, but not be turned on or off. */
const FIXED = [
  'host',
  'port',
  'dataDir',
  'library',
  'model',
  'engine',
  'workers',
  'logFormat',
  'tokenFile',
  'stdin',
  'passphrase',
  'eraseFrames',
  'letterhead',
  'limits',
  'warmRestart',
  'tls',
] as const satisfies readonly (keyof Settings)[];

const isSame = (key: (typeof FIXED)[number], a: Settings, b: Settings): boolean =>
  key === 'tls'
    ? (a.tls === undefined) === (b.tls === undefined)
    : JSON.stringify(a[key]) === JSON.stringify(b[key]);

export interface ReloaderOptions {
  readonly options: ServeOptions;
  readonly settings: Settings;
  /** Throws a UserError for settings that cannot be applied. */
  readonly check: (next: Settings) => Promise<void>;
  readonly server: RunningServer;
  readonly logger: Logger;
}

/**
 * Returns a function that reads the configuration again and applies it. An invalid one is logged and changes
 * nothing. Streams that are the same in both continue without a gap.
 */
export function createReloader({ options, settings, check, server, logger }: ReloaderOptions): () => void {
  let current = settings;
  let reloads = Promise.resolve();

  async function reload(): Promise<void> {
    let next: Settings;
    try {
      next = readSettings(options);
      await check(next);
      await server.reload(next);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      logger.error({ code: error.code }, `${error.message} The configuration was not changed.`);
      return;
    }
    const fixed = FIXED.filter((key) => !isSame(key, next, current));
    if (fixed.length > 0)
      logger.warn(`The configuration has changes that need a restart: ${fixed.join(', ')}.`);
    current = { ...next, ...Object.fromEntries(FIXED.map((key) => [key, current[key]])) };
    logger.level = next.logLevel;
    logger.info('The configuration was reloaded.');
  }

  return () => {
    // Reloads run one after the other.
    reloads = reloads
      .then(reload)
      .catch((err) => logger.error({ err }, 'The configuration could not be reloaded.'));
  };
}
