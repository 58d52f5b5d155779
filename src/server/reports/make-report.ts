import type { Log } from '../../log/log.ts';
import { Clock } from '../../sessions/report/clock.ts';
import { languageOf, type ReportLanguageName } from '../../sessions/report/languages/report-language.ts';
import { playedTracks } from '../../sessions/report/played-tracks.ts';
import { reportData } from '../../sessions/report/report-data.ts';
import type { Session } from '../../sessions/schema.ts';
import { strongestTurns } from '../../strongest-turns.ts';
import type { EmotionBucket } from '../../types.ts';
import { dailyPage } from './daily-page.ts';
import type { Day } from './day.ts';

const TEN_MINUTES_MS = 600_000;
const HOUR_MS = 3_600_000;
const MAX_TURNS = 5;
const MAX_ALERTS = 500;

export interface MadeReport {
  readonly html: string;
  /** Means over the time with music, and shares of the received time; null without music. */
  readonly valence: number | null;
  readonly arousal: number | null;
  readonly music: number;
  readonly speech: number;
  readonly silence: number;
}

export interface DailyReportRequest {
  readonly log: Log;
  readonly stream: string;
  readonly day: Day;
  readonly nowMs: number;
  readonly language?: ReportLanguageName | undefined;
}

/** The report of a stream's day from the log; undefined if nothing was received on that day. */
export async function makeReport(request: DailyReportRequest): Promise<MadeReport | undefined> {
  const { log, stream, day, nowMs, language = 'en' } = request;
  log.flush();
  const { history } = log;
  const range = { fromMs: day.fromMs, toMs: day.toMs };
  const part = { ...range, shiftMs: 0, lineFromMs: day.fromMs, lineToMs: day.toMs };
  const data = await reportData({
    // A day is reported like a session without markers.
    session: {
      id: `${stream}-${day.name}`,
      stream,
      startedAt: new Date(day.fromMs).toISOString(),
      seconds: (day.toMs - day.fromMs) / 1000,
      clockChanges: [],
    } as unknown as Session,
    markers: [],
    history,
    parts: [part],
    models: [],
    tracks: playedTracks(log, stream, [part]),
    nowMs,
  });
  const { music, speech, silence, valence, arousal } = data.summary;
  const received = music + speech + silence;
  if (received === 0) return undefined;
  const html = dailyPage({
    stream,
    data,
    hours: await all(history.buckets(stream, range, HOUR_MS)),
    turns: strongestTurns(
      await all(history.buckets(stream, range, TEN_MINUTES_MS)),
      TEN_MINUTES_MS,
      MAX_TURNS,
    ),
    alerts: history.events(stream, range, MAX_ALERTS, 'alert-raised'),
    clock: new Clock(undefined, data.span, languageOf(language)),
  });
  return {
    html,
    valence,
    arousal,
    music: music / received,
    speech: speech / received,
    silence: silence / received,
  };
}

async function all(pages: AsyncGenerator<EmotionBucket[]>): Promise<EmotionBucket[]> {
  const buckets: EmotionBucket[] = [];
  for await (const page of pages) buckets.push(...page);
  return buckets;
}
