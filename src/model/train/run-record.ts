import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { learningCurves } from './learning-curves.ts';
import type { EpochEvent, TrainEvent } from './train-event.ts';

/** What is known of a training as it goes: `training.jsonl`, an event a line, and `learning-curves.svg`. */
export class RunRecord {
  readonly #folder: string;
  readonly #log: TrainEvent[];
  readonly #onEvent: (event: TrainEvent) => void;

  /** @param log of a run that goes on */
  constructor(folder: string, log: readonly TrainEvent[], onEvent: (event: TrainEvent) => void = () => {}) {
    this.#folder = folder;
    this.#log = [...log];
    this.#onEvent = onEvent;
  }

  /** Tells an event and keeps it. */
  add(event: TrainEvent): void {
    this.#log.push(event);
    this.tell(event);
  }

  /** Tells an event that is of no lasting interest. */
  tell(event: TrainEvent): void {
    this.#onEvent(event);
  }

  get log(): readonly TrainEvent[] {
    return this.#log;
  }

  async write(): Promise<void> {
    const lines = this.#log.map((event) => `${JSON.stringify(event)}\n`).join('');
    await writeFile(join(this.#folder, 'training.jsonl'), lines);
    const epochs = this.#log.filter((event): event is EpochEvent => event.type === 'epoch');
    if (epochs.length > 0) await writeFile(join(this.#folder, 'learning-curves.svg'), learningCurves(epochs));
  }
}
