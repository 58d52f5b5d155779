import { STEP_SECONDS, type StreamMessage } from '../../types.ts';

/** Decimals of the time of an event. */
const MICROSECONDS = 1e6;

/**
 * Renumbers the messages of a stream that continues from a saved state. Its steps and time go on in the state, but it is
 * a new run, whose `seq` and `t` begin with 0: the step in progress when it was saved is the first of the run.
 */
export function countFromZero(): (message: StreamMessage) => StreamMessage {
  /** The step that is the first of the run; undefined before its frame. */
  let first: number | undefined;
  return (message) => {
    if (message.type === 'emotion') {
      first ??= message.seq;
      return { ...message, seq: message.seq - first, t: message.t - first * STEP_SECONDS };
    }
    const t = first === undefined ? 0 : message.t - first * STEP_SECONDS;
    return { ...message, t: Math.max(0, Math.round(t * MICROSECONDS) / MICROSECONDS) };
  };
}
