import type Database from 'libsql';
import { UserError } from '../../user-error.ts';
import { BlockStore, packBlock } from '../block-store.ts';
import { yieldToEventLoop } from '../sql.ts';
import { holdsFrames } from './compactor.ts';

interface RepackerOptions {
  readonly db: Database.Database;
  /** Runs `work` as one transaction. */
  readonly change: (work: () => void) => void;
}

/**
 * Repacks the blocks of version 1, which the table `old_blocks` lists, newest first. Each block is one transaction, so
 * after a crash every frame is in exactly one block, and the next start continues with the rest.
 */
export class Repacker {
  readonly #options: RepackerOptions;
  readonly #blocks: BlockStore;
  readonly #sql;

  constructor(options: RepackerOptions) {
    this.#options = options;
    const { db } = options;
    this.#blocks = new BlockStore(db);
    this.#sql = {
      next: db.prepare(
        `SELECT old_blocks.id, run FROM old_blocks LEFT JOIN blocks USING (id) ORDER BY old_blocks.id DESC LIMIT ?`,
      ),
      done: db.prepare('DELETE FROM old_blocks WHERE id = ?'),
    };
  }

  /** @param limit number of blocks to repack */
  async run(limit: number): Promise<void> {
    const old = this.#sql.next.all(limit) as { id: number; run: number | null }[];
    for (const { id, run } of old) {
      // Dropped or erased in the meantime.
      if (run === null) this.#options.change(() => this.#sql.done.run(id));
      else await this.#repack(id, run);
      await yieldToEventLoop();
    }
  }

  async #repack(id: number, run: number): Promise<void> {
    const frames = this.#framesOf(id);
    await yieldToEventLoop();
    const block = frames && packBlock(run, frames);
    const isSame = block !== undefined && (await holdsFrames(frames!, block));
    this.#options.change(() => {
      this.#sql.done.run(id);
      if (!isSame) return; // A damaged block stays, for doctor to report.
      this.#blocks.delete(id);
      this.#blocks.insert(block);
    });
  }

  /** undefined if the block is damaged. */
  #framesOf(id: number) {
    try {
      return this.#blocks.frames(id);
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }
}
