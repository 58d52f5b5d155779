import type { SpectrogramMessage } from '../../src/client/index.ts';
import { RING_STEPS, type StepRing } from './step-ring.ts';

/** A step of the chart and its columns do not differ by more than this (s), however late it came; else they are of another run. */
const SAME_TIME_SECONDS = 30;

interface MelStep {
  /** Seconds since 1970, by the server's clock. */
  readonly time: number;
  /** [columns, bands], 0 … 255, oldest first. */
  readonly data: Uint8Array;
}

/** The mel frames of one stream, as many steps as the chart's ring has. */
export class MelStore {
  /** The middle of each band in Hz; empty before the hello. */
  hz: readonly number[] = [];
  /** Columns of each step. */
  columns = 1;
  readonly #steps = new Map<number, MelStep>();
  #run = -1;

  receive(message: SpectrogramMessage): void {
    if (message.type === 'hello') {
      this.hz = message.hz;
      this.columns = message.columns;
      return;
    }
    if (message.run !== this.#run) this.#steps.clear();
    this.#run = message.run;
    const data = Uint8Array.from(atob(message.data), (char) => char.charCodeAt(0));
    this.#steps.set(message.seq, { time: Date.parse(message.time) / 1000, data });
    if (this.#steps.size <= RING_STEPS) return;
    for (const oldest of this.#steps.keys()) {
      this.#steps.delete(oldest);
      return;
    }
  }

  /** [columns, bands] of a step of the chart; undefined: none were received of it. */
  of(ring: StepRing, step: number): Uint8Array | undefined {
    const found = this.#steps.get(ring.seq(step));
    return found !== undefined && Math.abs(found.time - ring.x(step)) < SAME_TIME_SECONDS
      ? found.data
      : undefined;
  }
}
