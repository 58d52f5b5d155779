import type { Comparisons } from './compare.ts';
import { median, type Sample, showsGrowth, slope } from './verdict.ts';
import type { Observer } from './watchers.ts';

export interface SoakResult {
  readonly hours: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly samples: readonly Sample[];
  readonly observer: Observer;
  readonly comparisons: Comparisons;
  readonly answers: Readonly<Record<string, number>>;
  readonly radio: { readonly faults: Readonly<Record<string, number>> } | undefined;
  readonly icecast: { readonly changes: number } | undefined;
  readonly relay: { readonly cuts: number; readonly frames: number };
  /** Longest time that a station was without frames, in seconds. */
  readonly longestAbsence: number;
  readonly problems: readonly string[];
}

/** The figures of a run and what was wrong in it, as a table or as JSON. */
export function printReport(result: SoakResult, json: boolean): void {
  const { samples, observer, comparisons, seconds, cpuSeconds, answers, radio, icecast, relay, problems } =
    result;
  const after = samples.slice(Math.floor(samples.length / 4));
  const rows: Record<string, string> = {
    'Stream-hours': observer.streamHours.toFixed(1),
    'Emotion frames': String(observer.frames),
    'Wall time': `${(seconds / 60).toFixed(1)} min`,
    'CPU of the server': `${(cpuSeconds / 60).toFixed(1)} min, ${((1000 * cpuSeconds) / (observer.streamHours * 3600)).toFixed(2)} ms per second of audio`,
  };
  for (const [name, label, unit] of [
    ['rssMb', 'Resident memory', 'MB'],
    ['heapMb', 'JavaScript heap', 'MB'],
    ['externalMb', 'External memory', 'MB'],
    ['handles', 'File handles', ''],
    ['loopLagMs', 'Event loop delay (p99)', 'ms'],
    ['logQueue', 'Queues of log and sinks', ''],
    ['logMb', 'Files of the log', 'MB'],
  ] as const) {
    const values = after.map((sample) => sample[name]);
    const perHour = 3600 * slope(after.map((sample) => [sample.seconds, sample[name]]));
    rows[label] =
      `median ${median(values).toFixed(0)}, last ${(values.at(-1) ?? 0).toFixed(0)}, max ${Math.max(0, ...values).toFixed(0)} ${unit}; slope ${perHour.toFixed(1)} per hour of wall time`;
  }
  if (!showsGrowth(samples)) rows.Growth = 'not checked: the run was too short';
  rows['Compared with track'] =
    `${comparisons.streams} streams, ${comparisons.frames} frames, ${comparisons.differences.length} different`;
  rows.Events = list(observer.events);
  rows.Gaps = list(
    count(observer.incidents.filter(({ type }) => type === 'gap').map(({ reason }) => reason ?? '')),
  );
  if (radio) rows['Faults of the station'] = list(radio.faults);
  if (icecast) rows['Sources of Icecast'] = `${icecast.changes} ended or killed`;
  rows['Longest absence'] = `${result.longestAbsence.toFixed(0)} s without a frame of a station`;
  rows['Cut live client'] = `${relay.cuts} times; ${relay.frames} frames received`;
  rows['API calls'] = list(answers);
  if (json) {
    console.log(JSON.stringify({ rows, problems, samples }, null, 2));
    return;
  }
  console.log('\n');
  for (const [name, text] of Object.entries(rows)) console.log(`${name.padEnd(24)} ${text}`);
  console.log(problems.length === 0 ? '\nNothing is wrong.' : `\nWrong (${problems.length}):`);
  for (const problem of problems.slice(0, 50)) console.log(`- ${problem}`);
}

const list = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, times]) => `${name} ${times}`)
    .join(', ') || 'none';

function count(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
