import { textTable } from '../../src/util/text-table.ts';
import type { ActivityReport } from './evaluate-activity.ts';

/** Formats a report as text in aligned columns. */
export function activityTable(report: ActivityReport): string {
  const { conditions, talkOver, delays, falseSpeech } = report;
  const names = Object.keys(conditions[0]?.sources ?? {});
  const kindOf = (name: string) => conditions[0]!.sources[name]!.kind;
  const shares = names.map((name) => [
    `${name} (${kindOf(name)})`,
    ...conditions.map(({ sources }) => percent(sources[name]!.right / sources[name]!.steps)),
  ]);
  return [
    textTable([
      ['condition', 'F1 speech', 'F1 music'],
      ...conditions.map(({ condition, speechF1, musicF1 }) => [
        condition,
        speechF1.toFixed(3),
        musicF1.toFixed(3),
      ]),
    ]),
    'Share of correct steps by source',
    textTable([['source', ...conditions.map(({ condition }) => condition)], ...shares]),
    textTable([
      ['music below a voice', 'detected as speech'],
      ...talkOver.map(({ softerDb, speech }) => [`${softerDb} dB softer`, percent(speech)]),
    ]),
    textTable([
      ['change', 'median s', '90th percentile s', 'not within 12 s'],
      ...delays.map(({ change, count, median, p90, missed }) => [
        change,
        median.toFixed(1),
        p90.toFixed(1),
        `${missed} of ${count}`,
      ]),
    ]),
    `DEAM, every step from the first: ${percent(falseSpeech.share)} of ${falseSpeech.steps} detected as speech, in ${falseSpeech.clipsWithAny} of ${falseSpeech.clips} clips.`,
  ].join('\n\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
