import { Command, Option } from 'commander';
import { positiveInteger } from '../../src/commands/arguments.ts';
import { ENGINE_NAMES, type EngineName } from '../../src/model/engine.ts';
import { UserError } from '../../src/user-error.ts';

interface PatchesFlags {
  readonly music: string[];
  readonly out: string;
  readonly seed: number;
  readonly engine: EngineName | 'auto';
  readonly cache?: string;
}

/** Patches to learn from: 65 for each number of one. */
const SAMPLE = 25_000;

/** `undertone patches`: the dictionary of the front end `patches`, from music without labels. */
export function patchesCommand(): Command {
  return new Command('patches')
    .description('Learn which kinds of sounds there are, for the front end "patches".')
    .requiredOption('--music <dir...>', 'folders of any music; no labels are needed')
    .option('--out <dir>', 'folder to write to', 'models/patches')
    .option(
      '--seed <n>',
      'the same seed on the same music and engine gives the same dictionary',
      positiveInteger,
      1,
    )
    .addOption(
      new Option('--engine <name>', 'what computes').choices(['auto', ...ENGINE_NAMES]).default('auto'),
    )
    .option('--cache <dir>', 'folder for what was heard before (default: one per user)')
    .addHelpText('after', '\nExample:\n  $ undertone patches --music ~/Music/free --seed 1')
    .action(run);
}

async function run({ music, out, seed, engine: name, cache }: PatchesFlags): Promise<void> {
  const [engines, fft, caches, files, unlabelled, sampling, learning, randoms, { PATCHES }, dictionaries] =
    await Promise.all([
      import('../../src/model/engine.ts'),
      import('../../src/stream/fft.ts'),
      import('../train/cache/mel-cache.ts'),
      import('../train/cache/cache-file.ts'),
      import('../distill/unlabelled.ts'),
      import('../train/patches/sample-patches.ts'),
      import('../train/patches/learn-dictionary.ts'),
      import('../train/random.ts'),
      import('../../src/model/kinds/undertone/front-ends/patches/dictionary.ts'),
      import('../../src/model/kinds/undertone/front-ends/patches/dictionary.ts'),
    ]);
  const { createProgress } = await import('../../src/commands/progress.ts');
  const { clips } = await unlabelled.readUnlabelled(music, 0);
  const engine = await engines.loadEngine(name);
  const mels = caches.createMelCache(await fft.loadFft(), cache ?? files.defaultCacheFolder());
  const progress = createProgress();
  const random = new randoms.Random(seed);
  progress.begin('Listening', clips.length);
  let heard = 0;
  const patches = await sampling.samplePatches(clips, mels, SAMPLE, random, () => progress.to(++heard));
  progress.end();
  const { PATCH_SIZE } = await import('../../src/model/kinds/undertone/front-ends/patches/dictionary.ts');
  const count = patches.length / PATCH_SIZE;
  if (count < PATCHES) {
    throw new UserError(
      'bad-data',
      `There are ${count} patches of sound in ${music.join(', ')}, too few for ${PATCHES} kinds; give more music with --music.`,
    );
  }
  const dictionary = learning.learnDictionary(engine.tf, patches, random);
  await dictionaries.writeDictionary(out, dictionary, {
    seed,
    engine: engine.description,
    recordings: clips.map(({ file }) => file),
    patches: count,
  });
  console.log(
    `Wrote ${PATCHES} kinds of patches, learned from ${count} of ${clips.length} recordings, to ${out}.`,
  );
}
