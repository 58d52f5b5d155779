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

/** Number of training patches: 65 for each value of a patch. */
const SAMPLE = 25_000;

/** `undertone patches`: trains the dictionary of the front end `patches` on music without labels. */
export function patchesCommand(): Command {
  return new Command('patches')
    .description('Train the dictionary of the front end "patches" on music without labels.')
    .requiredOption('--music <dir...>', 'folders with music; labels are not needed')
    .option('--out <dir>', 'folder for the dictionary', 'models/patches')
    .option(
      '--seed <n>',
      'random seed; the same seed on the same music and engine gives the same dictionary',
      positiveInteger,
      1,
    )
    .addOption(
      new Option('--engine <name>', 'compute backend; auto uses the fastest one that is installed')
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    )
    .option('--cache <dir>', 'folder for cached features (default: one per user)')
    .addHelpText('after', '\nExample:\n  $ undertone patches --music ~/Music/free --seed 1')
    .action(run);
}

async function run({ music, out, seed, engine: name, cache }: PatchesFlags): Promise<void> {
  const [engines, fft, caches, files, unlabeled, sampling, learning, randoms, { PATCHES }, dictionaries] =
    await Promise.all([
      import('../../src/model/engine.ts'),
      import('../../src/stream/fft.ts'),
      import('../train/cache/mel-cache.ts'),
      import('../train/cache/cache-file.ts'),
      import('../distill/unlabeled.ts'),
      import('../train/patches/sample-patches.ts'),
      import('../train/patches/learn-dictionary.ts'),
      import('../train/random.ts'),
      import('../../src/model/kinds/undertone/front-ends/patches/dictionary.ts'),
      import('../../src/model/kinds/undertone/front-ends/patches/dictionary.ts'),
    ]);
  const { createProgress } = await import('../../src/commands/progress.ts');
  const { clips } = await unlabeled.readUnlabeled(music, 0);
  const engine = await engines.loadEngine(name);
  const mels = caches.createMelCache(await fft.loadFft(), cache ?? files.defaultCacheFolder());
  const progress = createProgress();
  const random = new randoms.Random(seed);
  progress.begin('Extracting', clips.length);
  let done = 0;
  const patches = await sampling.samplePatches(clips, mels, SAMPLE, random, () => progress.to(++done));
  progress.end();
  const { PATCH_SIZE } = await import('../../src/model/kinds/undertone/front-ends/patches/dictionary.ts');
  const count = patches.length / PATCH_SIZE;
  if (count < PATCHES) {
    throw new UserError(
      'bad-data',
      `${music.join(', ')} has ${count} patches of sound, too few for a dictionary of ${PATCHES}; add more music with --music.`,
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
    `Wrote a dictionary of ${PATCHES} patches, trained on ${count} patches of ${clips.length} recordings, to ${out}.`,
  );
}
