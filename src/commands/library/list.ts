import { Command, Option } from 'commander';
import { MOODS, type Mood } from '../../mood.ts';
import { UserError } from '../../user-error.ts';
import { positiveInteger } from '../arguments.ts';
import { type LibraryFlags, openTrackStore, withLibraryOption } from './library-option.ts';

const SORTS = ['path', 'title', 'artist', 'valence', 'arousal', 'bpm', 'seconds', 'loudness'] as const;

interface ListFlags extends LibraryFlags {
  readonly mood?: Mood;
  readonly sort: (typeof SORTS)[number];
  readonly like?: string;
  readonly limit?: number;
  readonly json?: boolean;
}

/** `undertone library list`. */
export function listCommand(): Command {
  const command = new Command('list')
    .description('List the tracks with mood, tempo, key and length.')
    .addOption(new Option('--mood <word>', 'only tracks of this mood').choices(MOODS))
    .addOption(new Option('--sort <field>', 'order of the list').choices(SORTS).default('path'))
    .option('--like <file>', 'tracks whose path is most like that of this track of the library first')
    .option('--limit <count>', 'at most so many tracks', positiveInteger)
    .option('--json', 'print one JSON object');
  return withLibraryOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone library list --mood calm --sort bpm\n  $ undertone library list --like intro.flac --limit 10',
    )
    .action(run);
}

async function run(flags: ListFlags): Promise<void> {
  const { resolve } = await import('node:path');
  const [{ summaryOf }, { trackTable }, { embeddingDistance }] = await Promise.all([
    import('../../library/track-summary.ts'),
    import('../../library/track-table.ts'),
    import('../../library/analysis/path-embedding.ts'),
  ]);
  const { store, close } = await openTrackStore(flags);
  try {
    let tracks = store.tracks().filter(({ mood }) => flags.mood === undefined || mood === flags.mood);
    if (flags.like === undefined) {
      const value = (track: (typeof tracks)[number]) => track[flags.sort] ?? '';
      const collator = new Intl.Collator(undefined, { numeric: true });
      tracks = tracks.sort((a, b) => collator.compare(String(value(a)), String(value(b))));
      if (!['path', 'title', 'artist'].includes(flags.sort))
        tracks = tracks.sort((a, b) => Number(value(a)) - Number(value(b)));
    } else {
      const like = store.byPath(resolve(flags.like));
      if (!like) {
        throw new UserError(
          'unknown-track',
          `${flags.like} is not in the library: add it first, or name another track.`,
        );
      }
      const distance = (track: (typeof tracks)[number]) => embeddingDistance(track.embedding, like.embedding);
      tracks = tracks.filter(({ id }) => id !== like.id).sort((a, b) => distance(a) - distance(b));
    }
    const shown = tracks.slice(0, flags.limit);
    console.log(flags.json ? JSON.stringify({ tracks: shown.map(summaryOf) }) : trackTable(shown));
  } finally {
    close();
  }
}
