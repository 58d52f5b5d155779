import { Command, InvalidArgumentError } from 'commander';
import type { SkippedFile } from '../library/candidates.ts';
import { PAPER_TOLERANCE } from '../library/rank.ts';
import { UserError } from '../user-error.ts';
import { printable } from '../util/printable.ts';
import { type ModelFlags, withModelOptions } from './arguments.ts';
import {
  type LibraryNextFlags,
  nextFromLibrary,
  refuseLibraryOptions,
  withLibraryNextOptions,
} from './library/next-from-library.ts';
import { createProgress } from './progress.ts';

interface NextFlags extends ModelFlags, LibraryNextFlags {
  readonly after: string;
  readonly from?: string[];
  readonly opening: number;
  readonly tolerance?: number;
  readonly onlyFits?: boolean;
  readonly json?: boolean;
}

const DEFAULT_OPENING_SECONDS = 15;

/** `undertone next`: ranks tracks by how well they continue the one that is playing. */
export function nextCommand(): Command {
  const command = new Command('next')
    .description('Rank tracks by how well their openings continue the emotion in which another track ends.')
    .requiredOption('--after <file>', 'the track that is playing')
    .option(
      '--from <path...>',
      'tracks to choose from: files, and folders with their subfolders (default: the library)',
    )
    .option(
      '--opening <seconds>',
      'how much music of each track to analyze, 5 to 300',
      openingSeconds,
      DEFAULT_OPENING_SECONDS,
    )
    .option(
      '--tolerance <distance>',
      `list tracks first whose first emotion is this close to the forecast on both axes (without it, tracks within ${PAPER_TOLERANCE} are only marked)`,
      tolerance,
    )
    .option('--only-fits', 'list only tracks that fit, if any does; requires --tolerance');
  return withLibraryNextOptions(withModelOptions(command))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ undertone next --after playing.flac --from crate/
  $ undertone next --after playing.flac --from *.mp3 --tolerance ${PAPER_TOLERANCE} --only-fits
  $ undertone next --after playing.flac --from crate/ --json | jq -r .tracks[0].file
  $ undertone next --after playing.flac --target calmer --tempo 6 --keys`,
    )
    .action(run);
}

async function run(flags: NextFlags): Promise<void> {
  if (flags.onlyFits && flags.tolerance === undefined) {
    const message = `--only-fits requires --tolerance: add, for example, --tolerance ${PAPER_TOLERANCE}.`;
    throw new UserError('usage', message);
  }
  if (flags.from === undefined) return nextFromLibrary(flags);
  refuseLibraryOptions(flags);
  const [{ candidatesFrom }, { analyzeTracks }, { rank }, { nextTable }, { loadEngine }, { engineFor }] =
    await Promise.all([
      import('../library/candidates.ts'),
      import('../library/analyze-tracks.ts'),
      import('../library/rank.ts'),
      import('../library/table.ts'),
      import('../model/engine.ts'),
      import('../model/load.ts'),
    ]);
  const { after, opening: seconds, model } = flags;
  const candidates = await candidatesFrom(flags.from, after);
  const skipped: SkippedFile[] = [];
  const skip = (one: SkippedFile) => {
    skipped.push(one);
    process.stderr.write(`undertone: Skipped: ${printable(one.message)}\n`);
  };
  candidates.skipped.forEach(skip);
  if (candidates.files.length === 0) throw nothingToRank();

  const engine = await loadEngine(await engineFor(model, flags.engine));
  const progress = createProgress();
  progress.begin('Analyzing', candidates.files.length + 1);
  let done = 0;
  const skippedLater: SkippedFile[] = [];
  const { ending, openings } = await analyzeTracks({
    after,
    files: candidates.files,
    seconds,
    model,
    engine,
    onFile: () => progress.to(++done),
    onSkipped: (one) => skippedLater.push(one),
  }).finally(() => progress.end());
  skippedLater.forEach(skip); // Only now, since the progress bars would overwrite it.
  if (openings.length === 0) throw nothingToRank();

  const limit = flags.tolerance ?? PAPER_TOLERANCE;
  const all = rank(ending, openings, { tolerance: limit, fitsFirst: flags.tolerance !== undefined });
  const fitting = all.filter((one) => one.fits);
  if (flags.tolerance !== undefined && fitting.length === 0) {
    const message = `No track begins within ±${limit} of the forecast; all are ranked by distance.`;
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
      passedOver: skipped,
    }),
  );
}

function nothingToRank(): UserError {
  return new UserError(
    'nothing-to-rank',
    'No track is left to rank: name other files or folders with --from.',
  );
}

function openingSeconds(value: string): number {
  const seconds = Number(value);
  if (value.trim() !== '' && seconds >= 5 && seconds <= 300) return seconds;
  throw new InvalidArgumentError('Expected a number of seconds from 5 to 300.');
}

function tolerance(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && number > 0 && number <= 2) return number;
  throw new InvalidArgumentError('Expected a number above 0 and at most 2 (the length of an axis).');
}
