import { FORMATS } from '../../src/log/export/formats.ts';
import { framesQuery } from '../../src/log/query.ts';
import { Sessions } from '../../src/sessions/sessions.ts';
import type { EmotionFrame } from '../../src/types.ts';
import { ClockWatch } from '../../src/util/clock-watch.ts';
import { openLog } from '../log/open-log.ts';
import { frameOf } from '../server/support.ts';

export const START = Date.parse('2026-11-20T20:00:00Z');
export type ClockScene = ReturnType<typeof clockScene>;

/** A stream of one frame every 0.5 s, with a clock that a test sets. */
export function clockScene(dataDir?: string, startMs = START) {
  const clock = { wallMs: startMs, steadyMs: 0, still: false };
  const log = openLog(dataDir === undefined ? {} : { dataDir });
  const watch = new ClockWatch({
    wall: () => clock.wallMs,
    steady: () => clock.steadyMs,
    uptime: () => clock.steadyMs / 1000,
  });
  let run = log.startRun('a', 'demo:', 'm', startMs);
  let seq = 0;
  const checkClock = () => {
    const step = watch.check();
    if (step) log.clockChanged({ ...step, places: new Map([[run, seq]]) });
  };
  const sessions = new Sessions({
    log,
    hasStream: () => true,
    maxMarkers: 10,
    now: () => clock.wallMs,
    checkClock,
  });
  return {
    ...{ clock, log, sessions },
    set(seconds: number) {
      clock.wallMs += seconds * 1000;
    },
    /** Plays music; the last frame is emitted 100 ms before the end. */
    play(seconds: number) {
      for (let i = 0; i < 2 * seconds; i++) {
        advance(400);
        checkClock();
        log.write(run, seq, frameOf('a', seq, clock.wallMs));
        seq++;
        advance(100);
      }
    },
    advance,
    restart() {
      const event = { stream: 'a', t: seq / 2, time: new Date(clock.wallMs).toISOString(), message: '' };
      log.write(run, seq, { type: 'stream-stopped', ...event });
      run = log.startRun('a', 'demo:', 'm', clock.wallMs);
      seq = 0;
    },
  };

  function advance(ms: number) {
    clock.steadyMs += ms;
    if (!clock.still) clock.wallMs += ms;
  }
}

export async function framesIn({ log, sessions }: ClockScene, code: string, query: object = {}) {
  log.flush();
  const request = { ...sessions.span(code), query: framesQuery.parse(query), continuous: true };
  let json = '';
  for await (const part of FORMATS.json.write(log.history, request)) json += part;
  return (JSON.parse(json) as { frames: EmotionFrame[] }).frames;
}

export function range(from: number, end: number): number[] {
  return Array.from({ length: end - from }, (_, i) => from + i);
}

export const sumOf = (buckets: readonly { frames: number }[]) =>
  buckets.reduce((sum, one) => sum + one.frames, 0);
