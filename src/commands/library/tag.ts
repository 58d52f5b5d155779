import { Command } from 'commander';
import { UserError } from '../../user-error.ts';
import { counted } from '../../util/counted.ts';
import { printable } from '../../util/printable.ts';
import { pathArguments } from '../arguments.ts';
import { createProgress } from '../progress.ts';
import { type LibraryFlags, openTrackStore, withLibraryOption } from './library-option.ts';

interface TagFlags extends LibraryFlags {
  readonly write?: boolean;
  readonly keepTime?: boolean;
}

/** `undertone library tag`. */
export function tagCommand(): Command {
  const command = new Command('tag')
    .description(
      "Write mood, valence and arousal into the files' own tags. Without --write it only shows what it would write.",
    )
    .argument(
      '[path...]',
      'files, and folders with everything below them; without one, the whole library',
      pathArguments,
    )
    .option('--write', 'change the files; needs ffmpeg. The audio stays bit for bit the same')
    .option('--keep-time', 'keep the modification times of the files');
  return withLibraryOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone library tag ~/Music/album\n  $ undertone library tag ~/Music/album --write',
    )
    .action(run);
}

async function run(paths: string[], flags: TagFlags): Promise<void> {
  const [{ checkFfmpeg, isTaggable, TAGGABLE, writeMood }, { fileHash }, { isBelow }, { stat }] =
    await Promise.all([
      import('../../library/exchange/write-mood.ts'),
      import('../../library/file-hash.ts'),
      import('../../library/is-below.ts'),
      import('node:fs/promises'),
    ]);
  const { store, close } = await openTrackStore(flags);
  try {
    const isNamed = paths.length === 0 ? () => true : isBelow(paths);
    const named = store.tracks().filter(({ path }) => isNamed(path));
    const tracks = named.filter(({ path }) => isTaggable(path));
    if (named.length > tracks.length)
      process.stderr.write(
        `undertone: ${named.length - tracks.length} files have other formats than ${TAGGABLE} and stay as they are.\n`,
      );
    if (!flags.write) {
      for (const { path, mood, valence, arousal } of tracks)
        console.log(
          `${printable(path)}: MOOD=${mood} VALENCE=${valence.toFixed(2)} AROUSAL=${arousal.toFixed(2)}`,
        );
      console.log(`Nothing is written: add --write to change ${counted(tracks.length, 'file')}.`);
      return;
    }
    await checkFfmpeg();
    const progress = createProgress();
    progress.begin('Writing tags', tracks.length);
    const failures: string[] = [];
    for (const [i, track] of tracks.entries()) {
      try {
        await writeMood(track.path, track, flags.keepTime);
        // The library knows the file as it is now, so it is not analyzed again.
        const { size, mtimeMs } = await stat(track.path);
        store.retag(track.id, { path: track.path, size, mtimeMs }, await fileHash(track.path));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        failures.push(error.message);
      }
      progress.to(i + 1);
    }
    progress.end();
    for (const message of failures) process.stderr.write(`undertone: ${printable(message)}\n`);
    console.log(`Wrote the tags of ${counted(tracks.length - failures.length, 'file')}.`);
    if (failures.length > 0 && failures.length === tracks.length)
      throw new UserError('not-tagged', 'No file was changed.');
  } finally {
    close();
  }
}
