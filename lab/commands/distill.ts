import { Command, Option } from 'commander';
import { positiveInteger } from '../../src/commands/arguments.ts';
import type { Progress } from '../../src/commands/progress.ts';
import { ENGINE_NAMES, type EngineName } from '../../src/model/engine.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { UserError } from '../../src/user-error.ts';
import type { DistillEpoch } from '../distill/encoder/distill-encoder.ts';

interface DistillFlags {
  readonly music: string[];
  readonly from: string;
  readonly out: string;
  readonly seed: number;
  readonly epochs: number;
  readonly engine: EngineName | 'auto';
}

/** `undertone distill`: trains the streaming form of the audio transformer to imitate its windowed form. */
export function distillCommand(): Command {
  return new Command('distill')
    .description('Train the streaming form of the audio transformer CED on music without labels.')
    .requiredOption('--music <dir...>', 'folders with music of at least 10 s per file; labels are not needed')
    .option('--from <dir>', 'folder with the weights of the windowed form', 'models/ced')
    .option('--out <dir>', 'folder for the weights of the streaming form', 'models/ced-streaming')
    .option(
      '--seed <n>',
      'random seed; the same seed, music and engine give the same weights',
      positiveInteger,
      1,
    )
    .option('--epochs <n>', 'passes over all music', positiveInteger, 3)
    .addOption(
      new Option('--engine <name>', 'compute backend; only the native ones can train it')
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    )
    .addHelpText('after', '\nExample:\n  $ undertone distill --music ~/Music/free --engine node')
    .action(run);
}

async function run({ music, from, out, seed, epochs, engine: name }: DistillFlags): Promise<void> {
  const [engines, fft, weights, writing, distilling, progresses, files] = await Promise.all([
    import('../../src/model/engine.ts'),
    import('../../src/stream/fft.ts'),
    import('../../src/model/kinds/undertone/front-ends/ced/weights.ts'),
    import('../../src/model/kinds/undertone/front-ends/ced/write-weights.ts'),
    import('../distill/encoder/distill-encoder.ts'),
    import('../../src/commands/progress.ts'),
    import('node:fs/promises'),
  ]);
  const engine = await engines.loadEngine(name);
  if (engine.name === 'wasm' || engine.name === 'cpu') {
    throw new UserError(
      'bad-engine',
      `The engine "${engine.name}" cannot train the audio transformer, because it lacks gradients; install a native one with \`undertone engine install node\`.`,
    );
  }
  const before = await weights.readCedWeights(from);
  const progress = progresses.createProgress();
  const { passages, recordings } = await readPassages(music, await fft.loadFft(), progress);
  const options = { ...distilling.DISTILL_DEFAULTS, seed, epochs };
  const log: object[] = [
    { type: 'begin', engine: engine.description, recordings, passages: passages.length, options },
  ];
  const source = `CED-tiny (arXiv 2308.11957), Apache-2.0, trained further by "undertone distill" for causal attention over 3 s`;
  progress.begin('Training', passages.length * (1 + epochs));
  await distilling.distillEncoder(
    engine,
    before,
    passages,
    options,
    async (event, trained) => {
      log.push({ type: 'epoch', ...event });
      if (event.epoch > 0) await writing.writeCedWeights(out, trained, source);
      progress.print(describe(event));
      const lines = log.map((line) => `${JSON.stringify(line)}\n`);
      await files.mkdir(out, { recursive: true });
      await files.writeFile(`${out}/training.jsonl`, lines.join(''));
    },
    (done) => progress.to(done),
  );
  progress.end();
  console.log(`Wrote the weights of the streaming form to ${out}.`);
}

async function readPassages(folders: readonly string[], plans: FftPlans, progress: Progress) {
  const [{ readUnlabeled }, { passagesOf }] = await Promise.all([
    import('../distill/unlabeled.ts'),
    import('../distill/encoder/passages.ts'),
  ]);
  const { clips } = await readUnlabeled(folders, 0);
  const passages: Float32Array[] = [];
  progress.begin('Extracting', clips.length);
  for (const [i, { path }] of clips.entries()) {
    for await (const passage of passagesOf(path, plans)) passages.push(passage);
    progress.to(i + 1);
  }
  if (passages.length < 50) {
    throw new UserError(
      'bad-data',
      `${folders.join(', ')} has ${passages.length} passages of 10 s, but at least 50 are needed; add more music with --music.`,
    );
  }
  return { passages, recordings: clips.length };
}

function describe({ epoch, loss, validation, seconds }: DistillEpoch): string {
  if (epoch === 0) return `Before: distance ${validation.toFixed(3)} on other passages`;
  return `Epoch ${epoch}: distance ${loss.toFixed(3)}, ${validation.toFixed(3)} on other passages, ${seconds.toFixed(0)} s`;
}
