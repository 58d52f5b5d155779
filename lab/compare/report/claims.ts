import { majorityShare } from '../../evaluate/classification.ts';
import { type ComparisonReport, REFERENCE } from './comparison-report.ts';
import { TOLERANCE } from './fit-rule.ts';
import { OURS } from './forecast-report.ts';
import { count, fixed, percent, scientific, signed } from './markdown.ts';
import type { SystemReport } from './system-report.ts';

/** Figures of the papers. */
const CLAIMED = { rmse: 0.235, mse: 0.0005, accuracy: 0.91 } as const;
/** A smaller difference of RMSE counts as no gain. */
const NOTABLE = 0.005;
const ABSENT = 'Not part of this run.';

/** A heading and a paragraph for each claim of the literature: the claim, and the result of this run. */
export function claims(report: ComparisonReport): string {
  return [
    claim(`A: RMSE ${CLAIMED.rmse} of an LSTM on half-second clips`, ofA(report)),
    claim(`A′: MSE ${CLAIMED.mse} of the next value`, ofAPrime(report)),
    claim(`A″: the next track fits within ±${TOLERANCE}`, ofQueueing(report)),
    claim('B: two LSTM layers for each axis', ofB(report)),
    claim('B′: a transformer instead of the LSTM layers', ofBPrime(report)),
    claim(`C: ${percent(CLAIMED.accuracy, 0)} accuracy`, ofC(report)),
  ].join('\n\n');
}

function ofA({ systems }: ComparisonReport): string {
  const [a, carried, constant, ours] = named(systems, 'seed-a', 'seed-a-carried', 'constant', REFERENCE);
  if (!a) return ABSENT;
  const own = `Here its network has RMSE ${fixed(a.rmse)} over both axes, on songs by artists that are not in its training data`;
  const against = constant
    ? `. Predicting the mean has RMSE ${fixed(constant.rmse)}, so the network explains ${percent(explained(a, constant))} of the variance`
    : '';
  const state = carried
    ? ` With its state carried from clip to clip it has ${fixed(carried.rmse)}: ${a.rmse - carried.rmse > NOTABLE ? 'the past helps, although the original did not use it' : 'the past gains almost nothing'}.`
    : '';
  const us = ours
    ? ` undertone has ${fixed(ours.rmse)}${constant ? ` and explains ${percent(explained(ours, constant))}` : ''}.`
    : '';
  return `The claim is for validation songs, over both axes, without a constant for comparison. ${own}${against}.${state}${us} An RMSE depends on the spread of the labels. The claim is for other songs and labels, so the two RMSEs are not comparable, but the shares of explained variance are.`;
}

function ofAPrime({ forecasting }: ComparisonReport): string {
  if (!forecasting) return ABSENT;
  const { leaky, byArtist, horizons } = forecasting;
  const at = (rows: typeof byArtist, name: string, h: number) =>
    rows.find((row) => row.name === name)?.cells?.[h];
  const [net, last] = [at(leaky.rows, 'lstm', 0), at(leaky.rows, 'persistence', 0)];
  if (!net || !last) return ABSENT;
  const songs = leaky.year === undefined ? 'all songs' : `the ${leaky.songs} songs rated in ${leaky.year}`;
  const shuffled = `With its own protocol (shuffled windows of ${songs}, so that neighbors of evaluated windows are in the training data, and the target ${leaky.horizon} s after the last pair) the same network has MSE ${scientific(net.mse)} here, and repeating the last pair ${scientific(last.mse)}`;
  const verdict =
    net.mse > last.mse
      ? `: the error of the network is larger by a factor of ${fixed(net.mse / last.mse, 2)}.`
      : `: a skill of ${signed(1 - net.mse / last.mse)}.`;
  const claimed = ` The claimed ${CLAIMED.mse}, for other songs and labels, is ${fixed(CLAIMED.mse / last.mse, 1)} times the MSE of repeating the last pair here. It is small because labels barely change within a second, not because the network can forecast them.`;
  const h = horizons.indexOf(leaky.horizon);
  const [byArtistNet, ours] = [at(byArtist, 'lstm', h), at(byArtist, OURS, h)];
  const independent = byArtistNet
    ? ` With folds by artist its skill at ${leaky.horizon} s is ${signed(byArtistNet.skill.gain)}${ours ? `, and the skill of this project's forecast from the same pairs is ${signed(ours.skill.gain)}` : ''}.`
    : '';
  return `${shuffled}${verdict}${claimed}${independent}`;
}

function ofQueueing({ queueing }: ComparisonReport): string {
  if (!queueing) return ABSENT;
  const { songs, fits, library, stranded, systems } = queueing;
  const truth = `By the labels at the end of one clip and the start of another, ${percent(fits, 2)} of all pairs of the ${count(songs)} songs are within the tolerance on both axes. After ${percent(stranded)} of the songs, none of ${library} random others fits, so the rule finds no next track.`;
  const byPrediction = systems
    .map(
      ({ title, precision, recall }) =>
        `with predictions of ${title}, ${percent(precision)} of the pairs that the rule accepts fit by their labels, and it accepts ${percent(recall)} of the pairs that fit`,
    )
    .join('; ');
  return `Shown as a demonstration, without a figure. ${truth} In live use only predictions are available: ${byPrediction}. The errors of the models are several times the tolerance; \`undertone next\` ranks tracks instead.`;
}

function ofB({ systems }: ComparisonReport): string {
  const [b, ours] = named(systems, 'seed-b', REFERENCE);
  if (!b) return ABSENT;
  return `No figure was given. Trained here, it has ${figures(b)}.${ours ? ` undertone has ${figures(ours)}.` : ''}`;
}

function ofBPrime({ systems }: ComparisonReport): string {
  const [transformer, b] = named(systems, 'seed-b-transformer', 'seed-b');
  if (!transformer) return ABSENT;
  const beside = b
    ? ` Over both axes its RMSE is ${fixed(transformer.rmse)}, against ${fixed(b.rmse)} of the LSTM that it would replace.`
    : '';
  return `Planned, but not reported. With a causal mask, which live use requires, it has ${figures(transformer)}.${beside}`;
}

function ofC({ systems, protocol }: ComparisonReport): string {
  const [c, ours] = named(systems, 'seed-c', REFERENCE);
  if (!c) return ABSENT;
  const { quadrants, words } = c.classes;
  const own = `Here its network predicts the right one of four quadrants in ${percent(quadrants.accuracy)} of the steps (always predicting the most frequent: ${percent(majorityShare(quadrants.confusion))}), and the right one of four words in ${percent(words.accuracy)} (${percent(majorityShare(words.confusion))})`;
  const us = ours
    ? `. The point that undertone predicts has the right quadrant in ${percent(ours.classes.quadrants.accuracy)} and the right word in ${percent(ours.classes.words.accuracy)}`
    : '';
  const split =
    protocol === '70-15-15'
      ? 'This run uses its split of 70, 15 and 15 %, but with no artist in two parts.'
      : 'Its split of 70, 15 and 15 % is `--protocol 70-15-15`, also with no artist in two parts.';
  return `The paper does not report the classes, their frequencies, or whether segments of one song were in both training and test data. ${own}${us}. Many steps are near the borders between classes, where listeners disagree. ${split}`;
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
