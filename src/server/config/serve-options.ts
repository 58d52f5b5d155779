import type { EngineName } from '../../model/engine.ts';
import type { PcmFormat } from '../../stream/pcm.ts';
import type { LogFormat, LogLevel } from '../logger.ts';

/** `undertone serve` as the command line has it: only what was given there. */
export interface ServeOptions {
  readonly config?: string;
  readonly source?: readonly string[];
  readonly host?: string;
  readonly port?: number;
  readonly dataDir?: string;
  readonly passphraseFile?: string;
  readonly model?: string;
  readonly engine?: EngineName | 'auto';
  readonly token?: string;
  readonly format?: PcmFormat;
  readonly rate?: number;
  readonly channels?: number;
  readonly logLevel?: LogLevel;
  readonly logFormat?: LogFormat;
}
