import { Command } from 'commander';
import { spanText } from '../../util/duration.ts';
import { printable } from '../../util/printable.ts';
import { textTable } from '../../util/text-table.ts';
import { type LibraryFlags, openTrackStore, withLibraryOption } from './library-option.ts';

/** `undertone library status`. */
export function statusCommand(): Command {
  const command = new Command('status')
    .description('Show how many tracks the library has, which files were left out or are missing, and why.')
    .option('--json', 'print one JSON object');
  return withLibraryOption(command)
    .addHelpText('after', '\nExample:\n  $ undertone library status')
    .action(run);
}

async function run(flags: LibraryFlags & { readonly json?: boolean }): Promise<void> {
  const { agreement } = await import('../../library/estimate-agreement.ts');
  const { store, file, close } = await openTrackStore(flags);
  try {
    const all = [...store.knownFiles().values()];
    const missing = all.filter((track) => track.missing);
    const failures = store.failures();
    const { tempo, key } = agreement(store.estimates());
    const seconds = all.reduce((sum, track) => sum + track.seconds, 0);
    if (flags.json) {
      const paths = missing.map(({ path }) => path);
      const failed = failures.map(({ path, message }) => ({ path, message }));
      const counts = { tracks: all.length, seconds, folders: store.folders() };
      console.log(JSON.stringify({ library: file, ...counts, missing: paths, failed, tempo, key }));
      return;
    }
    const rows = [
      ['library', file],
      ['folders', store.folders().join(', ')],
      ['tracks', `${all.length}, ${spanText(seconds)}`],
      ['missing', `${missing.length}`],
      ['left out', `${failures.length}`],
    ];
    if (tempo.n > 0) {
      rows.push([
        'tempo',
        `${tempo.n} known; the estimate is within 4 % for ${tempo.equal}, at a multiple for ${tempo.multiple} more`,
      ]);
    }
    if (key.n > 0)
      rows.push([
        'key',
        `${key.n} known; the estimate is equal for ${key.equal}, a neighbor for ${key.neighbor} more`,
      ]);
    console.log(textTable(rows, { align: 'l' }));
    for (const { path } of missing) console.log(`missing: ${printable(path)}`);
    for (const { message } of failures) console.log(`left out: ${printable(message)}`);
  } finally {
    close();
  }
}
