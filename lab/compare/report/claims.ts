import { majorityShare } from '../../evaluate/classification.ts';
import { type ComparisonReport, REFERENCE } from './comparison-report.ts';
import { TOLERANCE } from './fit-rule.ts';
import { OURS } from './forecast-report.ts';
import { count, fixed, percent, scientific, signed } from './markdown.ts';
import type { SystemReport } from './system-report.ts';

/** As the papers give them. */
const CLAIMED = { rmse: 0.235, mse: 0.0005, accuracy: 0.91 } as const;
/** Less of RMSE than this is no gain to speak of. */
const NOTABLE = 0.005;
const ABSENT = 'Not part of this run.';

/** What each work claimed, and what of it is found here: a heading and a paragraph each. */
export function claims(report: ComparisonReport): string {
  return [
    claim(`A: RMSE ${CLAIMED.rmse} of an LSTM on half-second clips`, ofA(report)),
    claim(`A′: MSE ${CLAIMED.mse} of the next value`, ofAPrime(report)),
    claim(`A″: the next track fits within ±${TOLERANCE}`, ofQueueing(report)),
    claim('B: two LSTM layers for each axis', ofB(report)),
    claim('B′: a transformer in their place', ofBPrime(report)),
    claim(`C: ${percent(CLAIMED.accuracy, 0)} accuracy`, ofC(report)),
  ].join('\n\n');
}

function ofA({ systems }: ComparisonReport): string {
  const [a, carried, constant, ours] = named(systems, 'seed-a', 'seed-a-carried', 'constant', REFERENCE);
  if (!a) return ABSENT;
  const own = `Over both axes at once its network has RMSE ${fixed(a.rmse)} here, on songs of artists that it never met`;
  const against = constant
    ? `; always saying the mean has ${fixed(constant.rmse)}, so that it explains ${percent(explained(a, constant))} of what there is to explain`
    : '';
  const state = carried
    ? ` With its state carried on from clip to clip it has ${fixed(carried.rmse)}${a.rmse - carried.rmse > NOTABLE ? ': it was not meant to be told the past, and gains by it' : ': to be told the past gains it next to nothing'}.`
    : '';
  const us = ours
    ? ` undertone has ${fixed(ours.rmse)}${constant ? `, or ${percent(explained(ours, constant))}` : ''}.`
    : '';
  return `The claim is of validation songs, over both axes at once, with no constant beside it. ${own}${against}.${state}${us} An RMSE says little without the spread of the labels that it is of: these are other songs and other labels, and the two figures cannot be held against each other; the share explained can.`;
}

function ofAPrime({ forecasting }: ComparisonReport): string {
  if (!forecasting) return ABSENT;
  const { leaky, honest, horizons } = forecasting;
  const at = (rows: typeof honest, name: string, h: number) =>
    rows.find((row) => row.name === name)?.cells?.[h];
  const [net, last] = [at(leaky.rows, 'lstm', 0), at(leaky.rows, 'persistence', 0)];
  if (!net || !last) return ABSENT;
  const songs = leaky.year === undefined ? 'all songs' : `the ${leaky.songs} songs rated in ${leaky.year}`;
  const leakily = `By its own protocol (windows of ${songs} shuffled, so that neighbours of what is judged were learned from, and the target ${leaky.horizon} s after the last pair) the same network has MSE ${scientific(net.mse)} here, and repeating the last pair ${scientific(last.mse)}`;
  const verdict =
    net.mse > last.mse
      ? `: the network is worse than doing nothing by a factor of ${fixed(net.mse / last.mse, 2)}.`
      : `: a skill of ${signed(1 - net.mse / last.mse)}.`;
  const claimed = ` The claimed ${CLAIMED.mse}, of its own songs and labels, is ${fixed(CLAIMED.mse / last.mse, 1)} times what doing nothing gives at that target here. It is small because labels hardly move within a second, not because their future is known.`;
  const h = horizons.indexOf(leaky.horizon);
  const [apart, ours] = [at(honest, 'lstm', h), at(honest, OURS, h)];
  const byArtist = apart
    ? ` Split by artist its skill at ${leaky.horizon} s is ${signed(apart.skill.gain)}${ours ? `, and that of this project's forecast of the same pairs ${signed(ours.skill.gain)}` : ''}.`
    : '';
  return `${leakily}${verdict}${claimed}${byArtist}`;
}

function ofQueueing({ queueing }: ComparisonReport): string {
  if (!queueing) return ABSENT;
  const { songs, fits, library, stranded, systems } = queueing;
  const truth = `By what listeners said of the end of one clip and the beginning of another, ${percent(fits, 2)} of all pairs of the ${count(songs)} songs are that near in both axes: after ${percent(stranded)} of the songs none of ${library} others, drawn at random, fits, and the rule has nothing to offer.`;
  const told = systems
    .map(
      ({ title, precision, recall }) =>
        `by what ${title} says, ${percent(precision)} of the pairs that it lets through truly fit, and it finds ${percent(recall)} of those that do`,
    )
    .join('; ');
  return `Shown as a demonstration, without a figure. ${truth} What is known in use is a model's word: ${told}. An error several times the tolerance cannot keep to it; \`undertone next\` ranks instead.`;
}

function ofB({ systems }: ComparisonReport): string {
  const [b, ours] = named(systems, 'seed-b', REFERENCE);
  if (!b) return ABSENT;
  return `No figure was given. Trained here it has ${figures(b)}.${ours ? ` undertone has ${figures(ours)}.` : ''}`;
}

function ofBPrime({ systems }: ComparisonReport): string {
  const [transformer, b] = named(systems, 'seed-b-transformer', 'seed-b');
  if (!transformer) return ABSENT;
  const beside = b
    ? ` Over both axes that is RMSE ${fixed(transformer.rmse)} against ${fixed(b.rmse)} of the LSTM that it was to take the place of.`
    : '';
  return `Planned, never reported. With a causal mask, so that it can run live, it has ${figures(transformer)}.${beside}`;
}

function ofC({ systems, protocol }: ComparisonReport): string {
  const [c, ours] = named(systems, 'seed-c', REFERENCE);
  if (!c) return ABSENT;
  const { quadrants, words } = c.classes;
  const own = `Here its network tells the right one of four quadrants in ${percent(quadrants.accuracy)} of the steps (always saying the most frequent: ${percent(majorityShare(quadrants.confusion))}), the right one of four words in ${percent(words.accuracy)} (${percent(majorityShare(words.confusion))})`;
  const us = ours
    ? `; the point that undertone says lies in the right quadrant in ${percent(ours.classes.quadrants.accuracy)}, at the right word in ${percent(ours.classes.words.accuracy)}`
    : '';
  const split =
    protocol === '70-15-15'
      ? 'This run is by its own 70, 15 and 15 %, but no artist is in two parts.'
      : 'Its own 70, 15 and 15 % are `--protocol 70-15-15`, here too with no artist in two parts.';
  return `What the classes were, how many of each, and whether a song's pieces were on both sides is not told. ${own}${us}. Near the borders, where many steps lie, listeners themselves do not agree. ${split}`;
}

function claim(title: string, text: string): string {
  return `### ${title}\n\n${text}`;
}

function named(systems: readonly SystemReport[], ...names: readonly string[]): (SystemReport | undefined)[] {
  return names.map((name) => systems.find((system) => system.name === name));
}

function explained(system: SystemReport, constant: SystemReport): number {
  return 1 - (system.rmse / constant.rmse) ** 2;
}

function figures({ axes: { arousal, valence } }: SystemReport): string {
  const of = ({ rmse, r2, ccc }: typeof arousal) => `RMSE ${fixed(rmse)}, R² ${fixed(r2)}, CCC ${fixed(ccc)}`;
  return `in arousal ${of(arousal)}, in valence ${of(valence)}`;
}
