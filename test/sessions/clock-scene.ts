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
export function clockScene(dataDir?: string, startMs = START, source = 'demo:') {
  const clock = { wallMs: startMs, steadyMs: 0, still: false };
  const log = openLog(dataDir === undefined ? {} : { dataDir });
  const watch = new ClockWatch({
    wall: () => clock.wallMs,
    steady: () => clock.steadyMs,
    uptime: () => clock.steadyMs / 1000,
  });
  let run = log.startRun('a', source, 'm', startMs);
  let seq = 0;
  let track: { readonly title: string; readonly startedAt: string; readonly t: number } | undefined;
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
    /** A title, after which the track before ends with these means. */
    track(title: string, valence = 0.9, arousal = -0.9) {
      const time = new Date(clock.wallMs).toISOString();
      const event = { stream: 'a', t: seq / 2, time, message: '' };
      if (track) {
        const edges = { valenceStart: 0, valenceEnd: 0, arousalStart: 0, arousalEnd: 0, peakArousal: 0 };
        const summary = { ...track, ...edges, valence, arousal, loudness: -14, speech: 0, moods: {} };
        const seconds = event.t - track.t;
        log.write(run, seq, {
          type: 'track-ended',
          ...event,
          title: track.title,
          artist: null,
          seconds,
          summary,
        });
      }
      log.write(run, seq, { type: 'track', ...event, title, artist: null });
      track = { title, startedAt: time, t: event.t };
    },
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
