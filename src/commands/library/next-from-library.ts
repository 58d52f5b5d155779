import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { parseTarget, TARGET_USAGE } from '../../library/next/arc.ts';
import { UserError } from '../../user-error.ts';
import { type ModelFlags, positiveInteger } from '../arguments.ts';
import { type LibraryFlags, openTrackStore, withLibraryOption } from './library-option.ts';

/** The options of `undertone next` that choose from a library. */
export interface LibraryNextFlags extends LibraryFlags {
  readonly target?: string;
  readonly tempo?: number;
  readonly keys?: boolean;
  readonly played?: string[];
  readonly limit?: number;
}

export function withLibraryNextOptions(command: Command): Command {
  return withLibraryOption(command)
    .option('--target <target>', `where the music should go: ${TARGET_USAGE}`, target)
    .option(
      '--tempo <percent>',
      'only tracks whose tempo differs by at most this, also at double time',
      percent,
    )
    .option('--keys', 'only the same key and its neighbors on the Camelot wheel')
    .option('--played <file...>', 'tracks of the library to leave out')
    .option('--limit <count>', 'list at most so many tracks of the library (default: 10)', positiveInteger);
}

/** @throws UserError `usage` for an option that needs the library */
export function refuseLibraryOptions(flags: LibraryNextFlags): void {
  const names = ['library', 'dataDir', 'target', 'tempo', 'keys', 'played', 'limit'] as const;
  const found = names.find((name) => flags[name] !== undefined);
  if (found === undefined) return;
  const given = found === 'dataDir' ? 'data-dir' : found;
  throw new UserError(
    'usage',
    `--${given} chooses from the library: leave out --from, or leave out --${given}.`,
  );
}

interface Flags extends LibraryNextFlags, ModelFlags {
  readonly after: string;
  readonly tolerance?: number;
  readonly json?: boolean;
}

/** `undertone next` without `--from`. */
export async function nextFromLibrary(flags: Flags): Promise<void> {
  const { after, tempo, keys, tolerance, limit, model } = flags;
  const [{ chooseNext }, { playingFile }, { nextText }, { loadEngine }, { engineFor }] = await Promise.all([
    import('../../library/next/choose-next.ts'),
    import('../../library/next/playing-file.ts'),
    import('../../library/next/next-text.ts'),
    import('../../model/engine.ts'),
    import('../../model/load.ts'),
  ]);
  const { file, store, close } = await openTrackStore(flags).catch((error: UserError) => {
    if (error.code !== 'no-library' || (flags.library ?? flags.dataDir) !== undefined) throw error;
    throw new UserError(
      'usage',
      `required option '--from <path...>' not specified: name files or folders. ${error.message}`,
    );
  });
  try {
    const playing = await playingFile(after, store, model, async () =>
      loadEngine(await engineFor(model, flags.engine)),
    );
    const exclude = [after, ...(flags.played ?? [])].map((path) => resolve(path));
    const tracks = store.tracks();
    const candidates = chooseNext(playing, tracks, {
      target: flags.target,
      tempo,
      keys,
      tolerance,
      limit,
      exclude,
    });
    if (candidates.length === 0) throw nothingFits(file, tracks.length, flags);
    const { valence, arousal } = playing.reading;
    console.log(
      flags.json
        ? JSON.stringify({ after, at: { valence, arousal }, candidates })
        : nextText(after, playing, candidates),
    );
  } finally {
    close();
  }
}

/** Why no track is left, and what to do. */
function nothingFits(file: string, tracks: number, { tempo, keys }: Flags): UserError {
  const narrowed = [tempo !== undefined && '--tempo', keys && '--keys'].filter(Boolean).join(' and ');
  const message =
    tracks === 0
      ? `The library ${file} has no tracks: add some with "undertone library add FOLDER".`
      : narrowed === ''
        ? 'The library has no other track than what plays and what was played: add more tracks.'
        : `No other track of the library fits: add more tracks, or leave out ${narrowed}.`;
  return new UserError('nothing-to-rank', message);
}

/** Refuses what is no target before anything is analyzed. */
function target(value: string): string {
  try {
    parseTarget(value, { valence: 0, arousal: 0 });
    return value;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new InvalidArgumentError(`Expected ${TARGET_USAGE}.`);
  }
}

/** 6 → 0.06 */
function percent(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && number > 0 && number <= 100) return number / 100;
  throw new InvalidArgumentError('Expected a percentage above 0 and at most 100.');
}
