import type { OperatorFunction } from 'rxjs';
import { roundTo } from './frame-fields.ts';
import type { ModelOutput, StreamMessage } from './types.ts';
import { emitEach } from './util/emit-each.ts';

/** No two segments begin within 4 s. */
const MIN_STEPS = 8;
/**
 * Least share of the evidence that begins anew at a segment. It is low, because a crossfade renews the evidence in
 * parts over several steps, after each of which the song before weighs less: often no single part reaches a half.
 */
const MIN_RENEWAL = 0.1;

/**
 * Adds `segment` to the messages of a stream where the model finds that another piece of music has begun: after the
 * frame of the first step at which a tenth of its evidence begins anew.
 */
export class SegmentEvents {
  #steps: number;
  /** Probability of a segment that is to be reported after the next frame. */
  #found: number | undefined;

  /** @param steps steps since the last segment, from `state` */
  constructor(steps = 0) {
    this.#steps = steps;
  }

  /** Steps since the last segment, or since the stream began. */
  get state(): number {
    return this.#steps;
  }

  reset(): void {
    this.#steps = 0;
    this.#found = undefined;
  }

  /**
   * Takes the model's output of a step, before the frame of the step is emitted.
   *
   * @returns whether another piece has begun
   */
  step({ boundary, renewal }: Pick<ModelOutput, 'boundary' | 'renewal'>): boolean {
    this.#steps++;
    if (renewal === undefined || renewal < MIN_RENEWAL || this.#steps <= MIN_STEPS) return false;
    this.#steps = 0;
    this.#found = boundary ?? renewal;
    return true;
  }

  readonly operator: OperatorFunction<StreamMessage, StreamMessage> = emitEach((message, emit) => {
    emit(message);
    if (message.type !== 'emotion' || this.#found === undefined) return;
    const { stream, t, time } = message;
    const confidence = roundTo(this.#found, 4);
    this.#found = undefined;
    emit({ type: 'segment', stream, t, time, message: 'Another piece began.', confidence });
  });
}
