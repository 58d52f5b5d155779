import { appendFileSync, chownSync, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from 'pino';

export const AUDIT_FILE = 'audit.ndjson';

/** A change: what was done, by whom, from where. Never what was written: notes and secrets stay out. */
export interface AuditLine {
  readonly what: string;
  readonly who: string;
  readonly from: string;
  readonly status?: number;
  /** More about it, as the name of a token. */
  readonly about?: string;
}

/**
 * A line for every change, in the log and at the end of a file that is only ever added to. The file is opened
 * for each line, so that it may be moved away at any time.
 */
export class Audit {
  readonly #file: string;
  readonly #logger: Logger | undefined;

  constructor(file: string, logger?: Logger) {
    this.#file = file;
    this.#logger = logger;
  }

  record(line: AuditLine): void {
    this.#logger?.info({ audit: line }, `${line.who} (${line.from}): ${line.what}`);
    const text = `${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`;
    try {
      const isNew = !existsSync(this.#file);
      appendFileSync(this.#file, text, { mode: 0o600 });
      if (isNew) ownLikeFolder(this.#file);
    } catch (err) {
      this.#logger?.error({ code: (err as NodeJS.ErrnoException).code }, `${this.#file} cannot be written.`);
    }
  }
}

/**
 * What root writes into the data directory of a server that runs as somebody else must be that one's, or the
 * server could not read it.
 */
export function ownLikeFolder(file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(file));
  if (uid !== 0) chownSync(file, uid, gid);
}
