import { WORDS } from '../../evaluate/quadrants.ts';
import { SCHEMES } from '../system.ts';
import { aheadLines, aheadTable } from './ahead.ts';
import { claims } from './claims.ts';
import { type ComparisonReport, REFERENCE } from './comparison-report.ts';
import {
  deployedSentence,
  deployedTable,
  forecastLines,
  honestTable,
  leakyTable,
} from './forecast-tables.ts';
import { count, fixed, listed } from './markdown.ts';
import type { Picture } from './pictures.ts';
import {
  bestOther,
  classSentence,
  classTable,
  costTable,
  systemTable,
  trackingTable,
} from './tracking-tables.ts';

/**
 * The whole report as Markdown: every number in it comes out of the run.
 *
 * @param folder of the pictures, from where the report lies
 */
export function resultsPage(report: ComparisonReport, pictures: readonly Picture[], folder: string): string {
  const show = (section: Picture['section']) =>
    pictures
      .filter((picture) => picture.section === section)
      .map(({ alt, file }) => `${alt}:\n\n![${alt}](${folder}/${file})`)
      .join('\n\n');
  const { systems, failed, forecasting } = report;
  const tracking = systems.length + failed.length > 0;
  const compared = systems.some(({ against }) => against);
  return `${[
    '# Results',
    opening(report),
    ...(tracking
      ? [
          '## What is compared',
          systemTable(report),
          '## Protocol',
          protocol(report),
          '## Tracking',
          'Arousal:',
          trackingTable(report, 'arousal'),
          'Valence:',
          trackingTable(report, 'valence'),
          show('tracking'),
        ]
      : []),
    ...(compared
      ? [
          '## Is undertone ahead?',
          'Of RMSE the difference and, in brackets, what lies between 2.5 and 97.5 % of 2,000 resamplings of the songs.',
          aheadTable(report),
          aheadLines(report).join('\n'),
        ]
      : []),
    ...(systems.length > 0
      ? [
          '## As classifiers',
          `A classifier's answer is its likeliest class; of the others it is the class in which their point lies, and the chance of each class that of independent normal distributions round it. Precision, recall, F1 and AUC (one class against the rest) are means over the classes. The words are the nearest in angle, ${listed(WORDS.map(({ word, degrees }) => `${word} at ${fixed(degrees, 1)}°`))} (Russell 1980).`,
          ...SCHEMES.flatMap((scheme) => [
            `### Four ${scheme}`,
            classSentence(report, scheme),
            classTable(report, scheme),
            show(scheme),
          ]),
          '## Cost',
          'Of the model as it is stored, with what it hears through; a step is half a second of one stream, from its features on.',
          costTable(report),
          show('learning'),
        ]
      : []),
    ...(forecasting ? forecastSections(report) : []),
    '## What each claim became',
    claims(report),
    '## This run',
    thisRun(report),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function opening({ systems, data, command, folds }: ComparisonReport): string {
  const made = `Made by \`${command}\`, every number and picture of it; the [log](results.jsonl) has an event a line.`;
  const ours = systems.find(({ name }) => name === REFERENCE);
  if (!ours) return made;
  const score = (axis: 'arousal' | 'valence') => {
    const { rmse, r2, ccc } = ours.axes[axis];
    return `RMSE ${fixed(rmse)}, R² ${fixed(r2)}, CCC ${fixed(ccc)} in ${axis}`;
  };
  const next = bestOther(systems, REFERENCE, ({ rmse }) => -rmse);
  const beside = next
    ? ` The ${next.rmse > ours.rmse ? 'next' : 'best'} of the others, ${next.title}, has RMSE ${fixed(next.axes.arousal.rmse)} and ${fixed(next.axes.valence.rmse)}.`
    : '';
  return `${made}\n\nOn ${count(data.judged)} labelled half seconds of ${count(folds.reduce((sum, { songs }) => sum + songs, 0))} songs by artists whom it never met undertone has ${score('arousal')}, and ${score('valence')}.${beside}`;
}

function protocol({ protocol: name, folds, data, seed, recipe }: ComparisonReport): string {
  const parts =
    name === 'folds'
      ? `${folds.length} folds by a hash of the artist's name: each song is judged once, by what was learned from the songs of other artists.`
      : 'One split by a hash of the artist’s name: 15 % judged, 85 % to learn from, of which those that stop early keep 15 of 85 to validate.';
  return [
    `- ${parts} ${folds.map(({ songs, artists, name: fold }) => `${fold}: ${songs} songs by ${artists} artists`).join('; ')}.`,
    '- All hear the same clips through the same code as live, each from a fresh state, and answer causally: for half a second they know that and what came before. Every half second that has a label counts once, from the first.',
    '- Nothing is chosen by the judged songs. What stops early or chooses among settings does so on songs of other artists within what it may learn from.',
    '- A standard deviation is what the system says of itself before any calibration on further songs; one that says none has the RMSE that it had on songs it did not learn from.',
    '- `r within songs` is the mean over songs of the correlation along the song: how well its course is followed, whatever its level. Pooled scores mostly measure the level.',
    `- ${count(data.clips)} clips of ${count(data.songs)} songs by ${count(data.artists)} artists, ${count(data.labels)} labels. Seed ${seed}${recipe === undefined ? ', each system’s own way of training' : `, recipe ${recipe}`}.`,
    '- The oracle row knows what listeners said half a second before, which nobody has in use: it shows how little labels move, and is no competitor.',
  ].join('\n');
}

function forecastSections(report: ComparisonReport): string[] {
  const { leaky, deployed } = report.forecasting!;
  const ofYear = leaky.year === undefined ? '' : ` (those rated in ${leaky.year}, as in the original)`;
  return [
    '## Forecasting a known curve',
    'From ten pairs that listeners gave, half a second apart, to the pairs after them, without any audio; songs apart by artist, as above. MSE is the mean over both axes; skill is 1 − MSE / MSE of persistence, between 2.5 and 97.5 % of 500 resamplings of the songs.',
    honestTable(report.forecasting!),
    'This project’s own forecast of pairs:',
    forecastLines(report.forecasting!).join('\n'),
    report.forecasting!.honest.map(({ title, about }) => `${title}: ${about}`).join(' '),
    ...(deployed
      ? [
          '## Forecasting as in use',
          `Nobody has listeners’ labels in use: there a forecast begins at the model’s own output. ${deployedSentence(report.forecasting!)}`,
          deployedTable(report.forecasting!),
        ]
      : []),
    '## Forecasting by shuffled windows',
    `The protocol of A′: windows of all ${count(leaky.songs)} songs${ofYear} are shuffled, 80 % learned from and 20 % judged, the target ${leaky.horizon} s after the last pair. What is judged overlaps with what was learned from: nothing of this tells how it does on a song that is new.`,
    leakyTable(report.forecasting!),
  ];
}

function thisRun({ data, date, engine, version, command, seed, systems }: ComparisonReport): string {
  const engines = [...new Set(systems.flatMap((system) => system.engines))];
  const learned = systems.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    `- \`${command}\``,
    `- undertone ${version}, ${(engines.length > 0 ? engines : [engine]).join('; ')}; seed ${seed}; finished ${date.slice(0, 10)}.`,
    ...(systems.length > 0
      ? [`- ${fixed(learned / 60, 0)} minutes to learn and answer, all systems and folds together.`]
      : []),
    ...data.about.map((line) => `- ${line}`),
  ].join('\n');
}
