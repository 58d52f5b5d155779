import { Log } from '../../src/log/log.ts';
import { moodOf } from '../../src/mood.ts';
import { EMPTY_FRAME, type EmotionFrame } from '../../src/types.ts';

const DAY_MS = 86_400_000;
/** One frame in so many ms: a month of every step would take minutes to write, and its charts would look the same. */
const EVERY_MS = 20_000;
/** Frames between two commits. */
const BATCH = 10_000;

/** Writes the last `days` days of a station into the log of a data folder: a calm night, a lively morning, songs, news. */
export function writeMonth(dataDir: string, stream: string, days: number): void {
  const log = new Log({ dataDir, onNotice: () => {} });
  const endMs = Date.now() - 60_000;
  const startMs = endMs - days * DAY_MS;
  const run = log.startRun(stream, 'https://radio.example/live', 'undertone', startMs);
  let seq = 0;
  for (let ms = startMs; ms < endMs; ms += EVERY_MS) {
    log.write(run, seq, frameAt(stream, seq, ms, startMs));
    if (++seq % BATCH === 0) log.flush();
  }
  log.flush();
  log.close();
}

function frameAt(stream: string, seq: number, ms: number, startMs: number): EmotionFrame {
  const at = new Date(ms);
  const hour = at.getHours() + at.getMinutes() / 60;
  const weekend = at.getDay() % 6 === 0 ? 0.12 : 0;
  const activity = at.getMinutes() < 3 ? 'speech' : 'music'; // The news.
  const song = Math.floor(ms / 210_000);
  const wave = (i: number) => Math.sin(song * (1.3 + i) + i) * 0.28 + Math.sin(ms / 50_000 + i) * 0.06;
  const valence = clamp(0.12 + weekend + 0.18 * Math.sin(((hour - 5) / 24) * 2 * Math.PI) + wave(0));
  const arousal = clamp(-0.1 + weekend + 0.38 * Math.sin(((hour - 6.5) / 24) * 2 * Math.PI) + wave(1) * 0.8);
  const base: EmotionFrame = {
    ...EMPTY_FRAME,
    stream,
    seq,
    t: (ms - startMs) / 1000,
    time: at.toISOString(),
    activity,
    loudness: -15,
  };
  if (activity !== 'music') return base;
  return {
    ...base,
    ...{ valence, arousal, valenceSd: 0.15, arousalSd: 0.15, confidence: 0.7 },
    mood: moodOf(valence, arousal),
  };
}

const clamp = (value: number): number => Math.max(-1, Math.min(1, value));
