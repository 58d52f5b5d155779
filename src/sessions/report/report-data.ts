import type { ClockPart } from '../../log/clock/clock-line.ts';
import type { History } from '../../log/history.ts';
import { contains, type TimeRange } from '../../log/time-range.ts';
import type { Addendum } from '../record-schema.ts';
import type { Marker, Session } from '../schema.ts';
import { type Bin, Bins } from './bins.ts';
import type { PlayedTrack } from './played-tracks.ts';
import { type Sample, sampleLengthMs, samples } from './samples.ts';
import { type Summary, Tally } from './tally.ts';
import { type TargetSummary, TargetTally } from './target-tally.ts';

/** The part of a session between two markers, or between a marker and an end. */
export interface Section extends TimeRange {
  readonly summary: Summary;
  /** The marker at its start, counted from 1; 0 for the start of the session. */
  readonly marker: number;
}

/** The content of a report in numbers; charts and sentences are made from it. */
export interface ReportData {
  readonly session: Session;
  readonly markers: readonly Marker[];
  /** Notes that were added after it was signed. */
  readonly addenda: readonly Addendum[];
  /** null if the session has no target, or no music was played while it had one. */
  readonly target: TargetSummary | null;
  /** On the clock of its start, as if that had not been set since. */
  readonly span: TimeRange;
  readonly summary: Summary;
  readonly sections: readonly Section[];
  readonly longestSilence: TimeRange | null;
  /** The longest time within the session in which nothing was received. */
  readonly longestGap: TimeRange | null;
  readonly bins: readonly Bin[];
  /** Those that played during the session, in order. */
  readonly tracks: readonly PlayedTrack[];
  /** Length of the samples in ms if they are means; undefined if every step was read. */
  readonly sampleMs: number | undefined;
  /** Names of the models that made the predictions. */
  readonly models: readonly string[];
  readonly madeAtMs: number;
}

interface ReportSource {
  readonly session: Session;
  readonly markers: readonly Marker[];
  readonly addenda?: readonly Addendum[];
  readonly history: Pick<History, 'frames' | 'buckets'>;
  /** The parts of the session between changes of the clock. */
  readonly parts: readonly ClockPart[];
  readonly models: readonly string[];
  readonly tracks?: readonly PlayedTrack[];
  readonly nowMs: number;
}

/** Columns of the charts. */
const BINS = 480;
/** Steps further apart than this have a gap between them. */
const GAP_MS = 2_500;
const STEP_MS = 500;

/** Computes a report in one pass over the session's frames. */
export async function reportData(source: ReportSource): Promise<ReportData> {
  const { session, markers, addenda = [], history, parts, models, tracks = [], nowMs } = source;
  const fromMs = Date.parse(session.startedAt);
  const span = { fromMs, toMs: fromMs + Math.round(session.seconds * 1000) };
  const lengthMs = sampleLengthMs(span);

  const all = new Tally();
  const target = new TargetTally(session.target ?? [], fromMs);
  const starts = [fromMs, ...markers.map(({ at }) => fromMs + Math.round(at * 1000))];
  const tallies = starts.map(() => new Tally());
  // Of the part of a track, and of a track whose end was lost, the log has no means.
  const played = tracks.map((track) => ({ track, tally: track.valence === null ? new Tally() : undefined }));
  const bins = new Bins(span.fromMs, span.toMs, binCount(span));
  const silences = longestSpan(Math.max(GAP_MS, 1.5 * (lengthMs ?? 0)));
  const gaps = longestSpan(0);
  let section = 0;
  let receivedUntilMs = span.fromMs;
  let receivedMs = 0;
  for await (const whole of samples(history, session.stream, parts, lengthMs)) {
    // Not more audio than time since the start: the first step began before it, and steps may have been late.
    const sample = within(whole, whole.timeMs - span.fromMs - receivedMs);
    receivedMs += 1000 * sample.seconds;
    const sampleMs = lengthMs ?? STEP_MS;
    const beginMs = sample.timeMs - sampleMs;
    // A step belongs to the section that its middle falls into.
    const middleMs = sample.timeMs - sampleMs / 2;
    while (section + 1 < starts.length && starts[section + 1]! <= middleMs) section++;
    all.add(sample);
    target.add(sample, sampleMs);
    tallies[section]!.add(sample);
    for (const { track, tally } of played) if (tally && contains(track, middleMs)) tally.add(sample);
    bins.add(sample);
    if (sample.silence === 1) silences.add(Math.max(beginMs, span.fromMs), sample.timeMs);
    else silences.end();
    if (beginMs - receivedUntilMs > GAP_MS) gaps.add(receivedUntilMs, beginMs);
    receivedUntilMs = Math.max(receivedUntilMs, sample.timeMs);
  }
  if (span.toMs - receivedUntilMs > GAP_MS) gaps.add(receivedUntilMs, span.toMs);

  return {
    ...{ session, markers, addenda, span, models, madeAtMs: nowMs },
    target: target.summary(),
    summary: all.summary(),
    sections: tallies
      .map((tally, i) => ({
        fromMs: starts[i]!,
        toMs: starts[i + 1] ?? span.toMs,
        summary: tally.summary(),
        marker: i,
      }))
      // A marker at the very start makes the section before it empty. Markers themselves always stay, for their notes.
      .filter(({ fromMs, toMs, marker }) => marker > 0 || markers.length === 0 || toMs > fromMs),
    longestSilence: silences.longest(),
    longestGap: gaps.longest(),
    bins: bins.all(),
    tracks: played.map(({ track, tally }) => ({
      ...track,
      ...(tally && meansOf(tally)),
      // What it does after the session does not belong to it.
      playing: track.playing && session.state === 'open',
    })),
    sampleMs: lengthMs,
  };
}

function meansOf(tally: Tally): Pick<PlayedTrack, 'valence' | 'arousal'> {
  const { valence, arousal } = tally.summary();
  return { valence, arousal };
}

/** `sample` with at most `ms` of audio. */
function within(sample: Sample, ms: number): Sample {
  const seconds = Math.max(0, Math.min(sample.seconds, ms / 1000));
  return seconds === sample.seconds ? sample : { ...sample, seconds };
}

/** At most one bin a second, so that none is empty only because it is narrow. */
function binCount({ fromMs, toMs }: TimeRange): number {
  return Math.max(1, Math.min(BINS, Math.floor((toMs - fromMs) / 1000)));
}

/** Finds the longest of the spans that are added in order; spans at most `withinMs` apart count as one. */
function longestSpan(withinMs: number) {
  let longest: TimeRange | null = null;
  let open: TimeRange | null = null;
  return {
    add(fromMs: number, toMs: number): void {
      open = { fromMs: open && fromMs - open.toMs <= withinMs ? open.fromMs : fromMs, toMs };
      if (!longest || open.toMs - open.fromMs > longest.toMs - longest.fromMs) longest = open;
    },
    /** The next span begins a new one, however near it is. */
    end(): void {
      open = null;
    },
    longest: (): TimeRange | null => longest,
  };
}
