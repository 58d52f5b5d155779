import type { ActivityReport } from './judge-activity.ts';

/** The report as text, in aligned columns. */
export function activityTable(report: ActivityReport): string {
  const { conditions, talkOver, delays, falseSpeech } = report;
  const names = Object.keys(conditions[0]?.sources ?? {});
  const kindOf = (name: string) => conditions[0]!.sources[name]!.kind;
  const shares = names.map((name) => [
    `${name} (${kindOf(name)})`,
    ...conditions.map(({ sources }) => percent(sources[name]!.right / sources[name]!.steps)),
  ]);
  return [
    aligned([
      ['condition', 'F1 speech', 'F1 music'],
      ...conditions.map(({ condition, speechF1, musicF1 }) => [
        condition,
        speechF1.toFixed(3),
        musicF1.toFixed(3),
      ]),
    ]),
    `Share of steps called right, source by source`,
    aligned([['source', ...conditions.map(({ condition }) => condition)], ...shares]),
    aligned([
      ['music under a voice', 'called speech'],
      ...talkOver.map(({ softerDb, speech }) => [`${softerDb} dB softer`, percent(speech)]),
    ]),
    aligned([
      ['change', 'median s', '9 of 10 under', 'not within 12 s'],
      ...delays.map(({ change, count, median, p90, missed }) => [
        change,
        median.toFixed(1),
        p90.toFixed(1),
        `${missed} of ${count}`,
      ]),
    ]),
    `DEAM, every step from the first: ${percent(falseSpeech.share)} of ${falseSpeech.steps} called speech, in ${falseSpeech.clipsWithAny} of ${falseSpeech.clips} clips.`,
  ].join('\n\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    )
    .join('\n');
}
