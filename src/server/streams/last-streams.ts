import { z } from 'zod';
import { readTextSync } from '../../util/text.ts';
import { writeAtomicSync } from '../../util/write-atomic.ts';

export const LAST_STREAMS_FILE = 'last-streams.json';

const lastStreams = z.object({ streams: z.array(z.string()) });

/**
 * The permanent streams that the server had last, in a file, so that after a restart clients learn which of them it has
 * no more. The file is no more than that: where it cannot be read or written, they do not.
 */
export class LastStreams {
  readonly #file: string;
  #written: string | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  read(): readonly string[] {
    try {
      this.#written = readTextSync(this.#file);
      return lastStreams.parse(JSON.parse(this.#written)).streams;
    } catch {
      return [];
    }
  }

  write(streams: readonly string[]): void {
    const text = `${JSON.stringify({ streams: [...streams].sort() })}\n`;
    if (text === this.#written) return;
    try {
      writeAtomicSync(this.#file, text, { mode: 0o600 });
      this.#written = text;
    } catch {
      // See above.
    }
  }
}
