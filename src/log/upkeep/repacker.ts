import type Database from 'libsql';
import { UserError } from '../../user-error.ts';
import { BlockStore, packBlock } from '../block-store.ts';
import { yieldToEventLoop } from '../sql.ts';
import { comesBack } from './compactor.ts';

export interface RepackerOptions {
  readonly db: Database.Database;
  /** Runs something as one transaction. */
  readonly change: (work: () => void) => void;
}

/**
 * Packs the blocks of version 1 anew, which the table `old_blocks` names, newest first. Each is one transaction, so
 * that a crash at any moment leaves every frame in exactly one block and the next start goes on where it was.
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

  /** @param limit of blocks looked at */
  async run(limit: number): Promise<void> {
    const old = this.#sql.next.all(limit) as { id: number; run: number | null }[];
    for (const { id, run } of old) {
      // Dropped or erased meanwhile: there is nothing to pack.
      if (run === null) this.#options.change(() => this.#sql.done.run(id));
      else await this.#repack(id, run);
      await yieldToEventLoop();
    }
  }

  async #repack(id: number, run: number): Promise<void> {
    const frames = this.#framesOf(id);
    await yieldToEventLoop();
    const block = frames && packBlock(run, frames);
    const sound = block !== undefined && (await comesBack(frames!, block));
    this.#options.change(() => {
      this.#sql.done.run(id);
      if (!sound) return; // It stays as it is; doctor tells of it.
      this.#blocks.delete(id);
      this.#blocks.insert(block);
    });
  }

  /** undefined where the block is damaged. */
  #framesOf(id: number) {
    try {
      return this.#blocks.frames(id);
    } catch (fault) {
      if (fault instanceof UserError) return undefined;
      throw fault;
    }
  }
}
