import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultDataDir } from '../log/log-files.ts';
import type { RatingScale } from '../profiles/ratings/csv-ratings.ts';
import { AXES, type Axis, STREAM_NAME } from '../types.ts';
import { UserError } from '../user-error.ts';
import { type ModelFlags, positiveInteger, withModelOptions } from './arguments.ts';

interface CalibrateFlags extends ModelFlags {
  readonly ratings?: string;
  readonly audio?: string;
  readonly name?: string;
  readonly scale: RatingScale;
  readonly axis: Axis;
  readonly seconds: number;
  readonly list?: boolean;
  readonly show?: string;
  readonly remove?: string;
  readonly force?: boolean;
  readonly dataDir: string;
}

/** `undertone calibrate`: fits a profile, the scale of a person or station, to rated pieces. */
export function calibrateCommand(): Command {
  const command = new Command('calibrate')
    .description(
      'Fit a profile to 10 to 40 pieces that a person or a station has rated: it puts readings on their scale.',
    )
    .option(
      '--ratings <file>',
      'CSV with the columns file, valence, arousal; or a Rekordbox collection (XML)',
    )
    .option('--audio <folder>', 'folder of the rated recordings (default: the paths in the ratings)')
    .option('--name <name>', 'name of the profile', profileName)
    .addOption(
      new Option('--scale <low-high>', 'lowest and highest rating in a CSV, such as 1-9')
        .argParser(ratingScale)
        .default({ low: -1, high: 1 }, '-1 to 1'),
    )
    .addOption(
      new Option('--axis <axis>', 'axis that the stars of a Rekordbox collection rate')
        .choices(AXES)
        .default('arousal', 'arousal, since most use the stars for energy'),
    )
    .option('--seconds <n>', 'how much of each recording to analyze', positiveInteger, 120)
    .option('--force', 'replace a profile of the same name, with its ratings')
    .option('--list', 'list all profiles')
    .option('--show <name>', 'print a profile and its ratings')
    .option('--remove <name>', 'remove a profile')
    .option('--data-dir <folder>', 'folder of the profiles', defaultDataDir());
  return withModelOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ undertone calibrate --ratings anna.csv --scale 1-9 --audio music/ --name anna
  $ undertone calibrate --ratings rekordbox.xml --name booth
  $ undertone track song.ogg --profile anna`,
    )
    .action(run);
}

async function run(flags: CalibrateFlags): Promise<void> {
  const [{ ProfileStore }, table] = await Promise.all([
    import('../profiles/profile-store.ts'),
    import('../profiles/profile-table.ts'),
  ]);
  const store = new ProfileStore(flags.dataDir);
  if (flags.list) {
    const all = store.names().map((name) => store.get(name));
    process.stdout.write(`${all.length > 0 ? table.profileList(all) : 'There are no profiles.'}\n`);
  } else if (flags.show !== undefined) {
    process.stdout.write(`${table.profileText(store.get(flags.show))}\n`);
  } else if (flags.remove !== undefined) {
    store.remove(flags.remove);
    process.stdout.write(`Removed the profile "${flags.remove}".\n`);
  } else {
    const { ratings, name } = flags;
    if (ratings === undefined || name === undefined) {
      const message =
        'Name a file of ratings with --ratings and the profile with --name; or use --list, --show or --remove.';
      throw new UserError('usage', message);
    }
    if (!flags.force && store.names().includes(name)) {
      const message = `There is a profile "${name}" already: choose another --name, or add --force to replace it with its ratings.`;
      throw new UserError('profile-exists', message);
    }
    const { calibrateFiles } = await import('./calibrate-files.ts');
    const profile = await calibrateFiles({ ...flags, ratings, name });
    store.put(profile);
    process.stdout.write(`${table.profileText(profile)}\n`);
  }
}

function profileName(value: string): string {
  if (STREAM_NAME.test(value)) return value;
  throw new InvalidArgumentError(
    'Expected 1 to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit.',
  );
}

function ratingScale(value: string): RatingScale {
  const match = /^(-?\d+(?:\.\d+)?)(?:-|\.\.)(-?\d+(?:\.\d+)?)$/.exec(value);
  const [low, high] = [Number(match?.[1]), Number(match?.[2])];
  if (low < high) return { low, high };
  throw new InvalidArgumentError('Expected the lowest and the highest rating, such as 1-9.');
}
