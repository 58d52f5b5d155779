import type { History } from '../../log/history.ts';
import type { Marker, Session } from '../schema.ts';
import { type Bin, Bins, sampleLengthMs, samples } from './bins.ts';
import { Longest, type Stretch, type Summary, Tally } from './tally.ts';

/** A part of the session between two markers, or its ends. */
export interface Section extends Stretch {
  readonly summary: Summary;
  /** The marker that it begins with, counted from 1; 0: the start of the session. */
  readonly marker: number;
}

/** All that a report tells, in numbers; the drawings and sentences are made of this. */
export interface ReportData {
  readonly session: Session;
  readonly markers: readonly Marker[];
  readonly span: Stretch;
  readonly summary: Summary;
  readonly sections: readonly Section[];
  readonly longestSilence: Stretch | null;
  /** The longest time within the session in which the stream was not heard. */
  readonly longestGap: Stretch | null;
  readonly bins: readonly Bin[];
  /** Length of the samples in ms where they are means; undefined: every step was looked at. */
  readonly sampleMs: number | undefined;
  /** Names of the models that said it. */
  readonly models: readonly string[];
  readonly madeAtMs: number;
}

/** Columns of the drawings. */
const BINS = 480;
/** Steps further apart than this were not heard in one go. */
const GAP_MS = 2_500;
const STEP_MS = 500;

export interface ReportSource {
  readonly session: Session;
  readonly markers: readonly Marker[];
  readonly history: Pick<History, 'frames' | 'buckets'>;
  readonly models: readonly string[];
  readonly nowMs: number;
}

/** Reads the session once, from its first step to its last. */
export async function reportData(source: ReportSource): Promise<ReportData> {
  const { session, markers, history, models, nowMs } = source;
  const fromMs = Date.parse(session.startedAt);
  const span = { fromMs, toMs: session.stoppedAt === null ? nowMs : Date.parse(session.stoppedAt) };
  const lengthMs = sampleLengthMs(span);
  const nearMs = Math.max(GAP_MS, 1.5 * (lengthMs ?? 0));

  const all = new Tally();
  const starts = [fromMs, ...markers.map(({ time }) => Date.parse(time))];
  const tallies = starts.map(() => new Tally());
  const bins = new Bins(span.fromMs, span.toMs, binsOf(span));
  const silences = new Longest(nearMs);
  const gaps = new Longest(0);
  let section = 0;
  let heardUntilMs = span.fromMs;
  for await (const sample of samples(history, session.stream, { ...span, toMs: span.toMs + 1 })) {
    const sampleMs = lengthMs ?? STEP_MS;
    const beginMs = sample.timeMs - sampleMs;
    // A step belongs to the section that its middle lies in.
    while (section + 1 < starts.length && starts[section + 1]! <= sample.timeMs - sampleMs / 2) section++;
    all.add(sample);
    tallies[section]!.add(sample);
    bins.add(sample);
    if (sample.silence === 1) silences.add(Math.max(beginMs, span.fromMs), sample.timeMs);
    else silences.end();
    if (beginMs - heardUntilMs > GAP_MS) gaps.add(heardUntilMs, beginMs);
    heardUntilMs = Math.max(heardUntilMs, sample.timeMs);
  }
  if (span.toMs - heardUntilMs > GAP_MS) gaps.add(heardUntilMs, span.toMs);

  return {
    ...{ session, markers, span, models, madeAtMs: nowMs },
    summary: all.summary(),
    sections: tallies
      .map((tally, i) => ({
        fromMs: starts[i]!,
        toMs: starts[i + 1] ?? span.toMs,
        summary: tally.summary(),
        marker: i,
      }))
      // A marker at the very start leaves nothing before it; one without length keeps its note's place.
      .filter(({ fromMs, toMs, marker }) => marker > 0 || markers.length === 0 || toMs > fromMs),
    longestSilence: silences.found,
    longestGap: gaps.found,
    bins: bins.all(),
    sampleMs: lengthMs,
  };
}

/** Not more columns than seconds, so that none is empty for being too narrow. */
function binsOf({ fromMs, toMs }: Stretch): number {
  return Math.max(1, Math.min(BINS, Math.floor((toMs - fromMs) / 1000)));
}
