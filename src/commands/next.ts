import { Command, InvalidArgumentError, Option } from 'commander';
import type { PassedOver } from '../library/candidates.ts';
import { PAPER_TOLERANCE } from '../library/rank.ts';
import { ENGINE_NAMES, type EngineName } from '../model/engine.ts';
import { UserError } from '../user-error.ts';
import { createProgress } from './progress.ts';

interface NextFlags {
  readonly after: string;
  readonly from: string[];
  readonly opening: number;
  readonly tolerance?: number;
  readonly onlyFits?: boolean;
  readonly model: string;
  readonly engine: EngineName | 'auto';
  readonly json?: boolean;
}

const OPENING_SECONDS = 15;

/** `undertone next`: which track goes on where another ends. */
export function nextCommand(): Command {
  return new Command('next')
    .description('Rank tracks by how well they go on where another one ends.')
    .requiredOption('--after <file>', 'the track that plays')
    .requiredOption('--from <path...>', 'tracks to choose from: files, and folders with all in them')
    .option('--opening <seconds>', 'how much of their music is heard', openingSeconds, OPENING_SECONDS)
    .option(
      '--tolerance <distance>',
      `put tracks first whose first emotion lies so near the forecast on both axes (without it, those within ${PAPER_TOLERANCE} are marked)`,
      tolerance,
    )
    .option('--only-fits', 'leave the others out, where any fits; needs --tolerance')
    .option('--model <name>', 'a model under models/, or a folder', 'undertone')
    .addOption(
      new Option('--engine <name>', 'what computes the model')
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ undertone next --after playing.flac --from crate/
  $ undertone next --after playing.flac --from *.mp3 --tolerance ${PAPER_TOLERANCE} --only-fits
  $ undertone next --after playing.flac --from crate/ --json | jq -r .tracks[0].file`,
    )
    .action(run);
}

async function run(flags: NextFlags): Promise<void> {
  if (flags.onlyFits && flags.tolerance === undefined) {
    const message = `--only-fits needs to know what fits: add --tolerance, as in --tolerance ${PAPER_TOLERANCE}.`;
    throw new UserError('usage', message);
  }
  const [{ candidatesFrom }, { hearTracks }, { rank }, { nextTable }, { loadEngine }] = await Promise.all([
    import('../library/candidates.ts'),
    import('../library/next-tracks.ts'),
    import('../library/rank.ts'),
    import('../library/table.ts'),
    import('../model/engine.ts'),
  ]);
  const { after, opening: seconds, model } = flags;
  const candidates = await candidatesFrom(flags.from, after);
  const passedOver: PassedOver[] = [];
  const passOver = (one: PassedOver) => {
    passedOver.push(one);
    process.stderr.write(`undertone: Passed over: ${one.message}\n`);
  };
  candidates.passedOver.forEach(passOver);
  if (candidates.files.length === 0) throw nothingToRank();

  const engine = await loadEngine(flags.engine);
  const progress = createProgress();
  progress.begin('Listening', candidates.files.length + 1);
  let done = 0;
  const late: PassedOver[] = [];
  const { ending, openings } = await hearTracks({
    after,
    files: candidates.files,
    seconds,
    model,
    engine,
    onFile: () => progress.to(++done),
    onPassedOver: (one) => late.push(one),
  }).finally(() => progress.end());
  late.forEach(passOver); // Not before: a bar would be written over.
  if (openings.length === 0) throw nothingToRank();

  const limit = flags.tolerance ?? PAPER_TOLERANCE;
  const all = rank(ending, openings, { tolerance: limit, fitsFirst: flags.tolerance !== undefined });
  const fitting = all.filter((one) => one.fits);
  if (flags.tolerance !== undefined && fitting.length === 0) {
    const message = `No track begins within ±${limit} of the forecast; all are ranked by their distance.`;
    process.stderr.write(`undertone: ${message}\n`);
  }
  const ranked = flags.onlyFits && fitting.length > 0 ? fitting : all;
  if (!flags.json) {
    console.log(nextTable(after, ending, ranked, limit));
    return;
  }
  const tracks = ranked.map(({ opening, ...one }) => ({ ...one, ...opening }));
  console.log(
    JSON.stringify({
      model,
      engine: engine.name,
      after: { file: after, ...ending },
      opening: seconds,
      tolerance: limit,
      tracks,
      passedOver,
    }),
  );
}

function nothingToRank(): UserError {
  return new UserError(
    'nothing-to-rank',
    'No track is left to be ranked: name some with --from that can be heard.',
  );
}

function openingSeconds(value: string): number {
  const seconds = Number(value);
  if (value.trim() !== '' && seconds >= 5 && seconds <= 300) return seconds;
  throw new InvalidArgumentError('Seconds are expected, 5 to 300.');
}

function tolerance(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && number > 0 && number <= 2) return number;
  throw new InvalidArgumentError('A number over 0 is expected, at most 2, which is the length of an axis.');
}
