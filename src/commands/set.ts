import { Command, InvalidArgumentError } from 'commander';
import { UserError } from '../user-error.ts';
import { parseDuration } from '../util/duration.ts';
import { type LibraryFlags, openTrackStore, withLibraryOption } from './library/library-option.ts';

interface SetFlags extends LibraryFlags {
  readonly plan?: string;
  readonly from?: Point;
  readonly to?: Point;
  readonly length?: number;
  readonly out?: string;
  readonly picture?: string;
  readonly json?: boolean;
  readonly force?: boolean;
  readonly transitions: boolean;
}

interface Point {
  readonly valence: number;
  readonly arousal: number;
}

/** `undertone set`: orders tracks of the library along an arc. */
export function setCommand(): Command {
  const command = new Command('set')
    .description(
      'Choose tracks of the library and order them along an arc: a plan, or from one mood to another (iso principle).',
    )
    .option('--plan <file>', 'JSON file with the points of the arc')
    .option('--from <v,a>', 'valence and arousal at the start, such as -0.4,-0.3', point)
    .option('--to <v,a>', 'valence and arousal at the end', point)
    .option('--length <duration>', 'length of the set (default: 60m)', length)
    .option('--no-transitions', 'follow the arc only: ignore how tracks continue each other, tempo and key')
    .option('--out <file>', 'write an M3U playlist')
    .option('--picture <file>', 'draw the set as SVG')
    .option('--force', 'overwrite existing files')
    .option('--json', 'print one JSON object');
  return withLibraryOption(command)
    .addHelpText(
      'after',
      `
Examples:
  $ undertone set --plan up-then-calm.json --length 60m --out tonight.m3u8 --picture tonight.svg
  $ undertone set --from -0.4,-0.3 --to 0.3,0.1 --length 30m --out session.m3u8

A plan: {"points": [{"at": 0, "valence": 0.1, "arousal": 0}, {"at": 0.6, "valence": 0.4, "arousal": 0.6}, {"at": "60m", "valence": 0.2, "arousal": -0.4}]}`,
    )
    .action(run);
}

async function run(flags: SetFlags): Promise<void> {
  const { plan, from, to, length = 3600 } = flags;
  if (
    (plan === undefined) === (from === undefined && to === undefined) ||
    (from === undefined) !== (to === undefined)
  )
    throw new UserError(
      'usage',
      'Expected --plan FILE, or --from and --to with a point each, such as -0.4,-0.3.',
    );
  const [
    { readFile },
    { dirname, resolve },
    { parsePlan },
    { arcThrough },
    { orderSet },
    { setPicture },
    { m3uOf },
    { setText },
    { summaryOf },
    { openAtomicFile },
  ] = await Promise.all([
    import('node:fs/promises'),
    import('node:path'),
    import('../library/sets/plan.ts'),
    import('../library/next/arc.ts'),
    import('../library/sets/order-set.ts'),
    import('../library/sets/set-picture.ts'),
    import('../library/exchange/m3u.ts'),
    import('../library/sets/set-text.ts'),
    import('../library/track-summary.ts'),
    import('./output.ts'),
  ]);
  const { reasonOf } = await import('../log/database-error.ts');
  const readPlan = async (file: string) => {
    const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new UserError(
        'bad-plan',
        `The plan ${file} ${cause.code === 'ENOENT' ? 'does not exist' : `cannot be read (${reasonOf(cause)})`}: check the path.`,
        {
          cause,
        },
      );
    });
    return parsePlan(text, file, length);
  };
  const arc =
    plan !== undefined
      ? await readPlan(plan)
      : arcThrough([
          { ...from!, seconds: 0 },
          { ...to!, seconds: length },
        ]);
  const { store, close } = await openTrackStore(flags);
  try {
    const set = await orderSet(store.tracks(), {
      arc,
      lengthSeconds: length,
      transitions: flags.transitions,
    });
    const write = async (file: string, text: string) => {
      const out = await openAtomicFile(file, { force: flags.force });
      await out.write(text);
      await out.end();
    };
    const tracks = set.map(({ track }) => track);
    if (flags.out !== undefined) await write(flags.out, m3uOf(tracks, dirname(resolve(flags.out))));
    if (flags.picture !== undefined) await write(flags.picture, setPicture(set, arc, plan ?? 'Set'));
    const rows = set.map(({ track, start, deviation, transition }) => ({
      start,
      deviation,
      transition,
      ...summaryOf(track),
    }));
    console.log(flags.json ? JSON.stringify({ length, tracks: rows }) : setText(set, arc));
  } finally {
    close();
  }
}

function point(value: string): Point {
  const [valence, arousal, ...rest] = value.split(',').map(Number);
  const isOnAxis = (x: number | undefined): x is number => x !== undefined && x >= -1 && x <= 1;
  if (rest.length === 0 && isOnAxis(valence) && isOnAxis(arousal)) return { valence, arousal };
  throw new InvalidArgumentError('Expected valence and arousal from -1 to 1, such as -0.4,-0.3.');
}

function length(value: string): number {
  const ms = parseDuration(value);
  if (ms !== undefined && ms >= 60_000 && ms <= 24 * 3_600_000) return ms / 1000;
  throw new InvalidArgumentError('Expected a duration from 1m to 24h, such as 60m.');
}
