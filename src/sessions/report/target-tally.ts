import { NEAR_TARGET, planeDistance, type TargetPoint, targetAt } from '../../target-path.ts';
import type { Sample } from './samples.ts';

/** How the music followed the target. */
export interface TargetSummary {
  /** Mean distance on the plane over the time with music and a target. */
  readonly meanDistance: number;
  /** Share of that time within NEAR_TARGET of the target: 0 … 1. */
  readonly near: number;
  /** Seconds of music with a target. */
  readonly seconds: number;
}

/** Accumulates the distances of samples from a target path. */
export class TargetTally {
  readonly #path: readonly TargetPoint[];
  readonly #startMs: number;
  #seconds = 0;
  #near = 0;
  #distance = 0;

  /** @param startMs of the session, ms since 1970 */
  constructor(path: readonly TargetPoint[], startMs: number) {
    this.#path = path;
    this.#startMs = startMs;
  }

  /** A sample is compared with the target at its middle. */
  add({ timeMs, seconds, music, valence, arousal }: Sample, sampleMs: number): void {
    if (valence === null || arousal === null || this.#path.length === 0) return;
    const target = targetAt(this.#path, Math.max(0, (timeMs - sampleMs / 2 - this.#startMs) / 1000));
    if (target === null) return;
    const distance = planeDistance({ valence, arousal }, target);
    const weight = seconds * music;
    this.#seconds += weight;
    this.#distance += weight * distance;
    if (distance <= NEAR_TARGET) this.#near += weight;
  }

  summary(): TargetSummary | null {
    const seconds = this.#seconds;
    if (seconds === 0) return null;
    return { meanDistance: this.#distance / seconds, near: this.#near / seconds, seconds };
  }
}
