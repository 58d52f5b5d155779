const SPEEDS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
/** No speed above 30 plays a whole recording in less. */
const SHORTEST_REPLAY_SECONDS = 60;

/** Speeds to play a recording of `length` seconds with. */
export const speedsFor = (length: number): number[] =>
  SPEEDS.filter((speed) => speed <= 30 || speed * SHORTEST_REPLAY_SECONDS <= length);
