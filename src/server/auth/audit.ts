import { appendFileSync, chownSync, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from 'pino';

export const AUDIT_FILE = 'audit.ndjson';

/** A change: what was done, by whom, from where. Never its content: notes and secrets stay out. */
export interface AuditLine {
  readonly what: string;
  readonly who: string;
  readonly from: string;
  readonly status?: number;
  /** What was changed, such as the name of a token. */
  readonly about?: string;
}

/**
 * Writes a line for every change, to the server's log and to the end of a file. The file is opened for each line,
 * so it can be moved away at any time.
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
 * Gives a file that root wrote the owner of its folder, so that a server that runs as another user can read it.
 */
export function ownLikeFolder(file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(file));
  if (uid !== 0) chownSync(file, uid, gid);
}
