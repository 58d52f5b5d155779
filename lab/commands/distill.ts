import { Command, Option } from 'commander';
import { positiveInteger } from '../../src/commands/arguments.ts';
import { ENGINE_NAMES, type EngineName } from '../../src/model/engine.ts';
import { UserError } from '../../src/user-error.ts';
import type { DistillEpoch } from '../distill/encoder/train-student.ts';

const STUDENTS = ['streaming', 'small'] as const;

interface DistillFlags {
  readonly music: string[];
  readonly student: (typeof STUDENTS)[number];
  readonly from: string;
  readonly out?: string;
  readonly seed: number;
  readonly epochs?: number;
  readonly perRecording?: number;
  readonly engine: EngineName | 'auto';
}

/** `undertone distill`: trains networks that imitate the windowed form of the audio transformer. */
export function distillCommand(): Command {
  return new Command('distill')
    .description('Train a cheaper imitation of the audio transformer CED on music without labels.')
    .requiredOption('--music <dir...>', 'folders with music of at least 10 s per file; labels are not needed')
    .addOption(
      new Option('--student <name>', 'its streaming form, or the small recurrent network of undertone-lite')
        .choices(STUDENTS)
        .default('streaming'),
    )
    .option('--from <dir>', 'folder with the weights of the windowed form', 'models/ced')
    .option(
      '--out <dir>',
      'folder for the trained weights (default: models/ced-streaming or models/ced-small)',
    )
    .option(
      '--seed <n>',
      'random seed; the same seed, music and engine give the same weights',
      positiveInteger,
      1,
    )
    .option('--epochs <n>', 'passes over all music (default: 3, of the small network 24)', positiveInteger)
    .option('--per-recording <n>', 'most passages of 10 s of a recording (default: all)', positiveInteger)
    .addOption(
      new Option('--engine <name>', 'compute backend; only the native ones can train it')
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    )
    .addHelpText('after', '\nExample:\n  $ undertone distill --music ~/Music/free --engine node')
    .action(run);
}

async function run(flags: DistillFlags): Promise<void> {
  const { music, student: name, from, seed, engine: engineName } = flags;
  const out = flags.out ?? `models/ced-${name}`;
  const [
    engines,
    fft,
    weights,
    writing,
    training,
    students,
    progresses,
    files,
    targeting,
    holdingOut,
    recordings,
    statistics,
  ] = await Promise.all([
    import('../../src/model/engine.ts'),
    import('../../src/stream/fft.ts'),
    import('../../src/model/kinds/undertone/front-ends/ced/weights.ts'),
    import('../../src/model/kinds/undertone/front-ends/ced/write-weights.ts'),
    import('../distill/encoder/train-student.ts'),
    import('../distill/encoder/students.ts'),
    import('../../src/commands/progress.ts'),
    import('node:fs/promises'),
    import('../distill/encoder/targets.ts'),
    import('../distill/encoder/held-out-recordings.ts'),
    import('../../src/library/recordings-in.ts'),
    import('../distill/encoder/target-statistics.ts'),
  ]);
  const engine = await engines.loadEngine(engineName);
  if (engine.name === 'wasm' || engine.name === 'cpu') {
    throw new UserError(
      'bad-engine',
      `The engine "${engine.name}" cannot train imitations of the audio transformer, because it lacks gradients; install a native one with \`undertone engine install node\`.`,
    );
  }
  const kind = students.STUDENTS[name];
  const teacher = await weights.readCedWeights(from);
  const progress = progresses.createProgress();
  const paths = await recordings.recordingsIn(music);
  progress.begin('Extracting', paths.length);
  const all = await targeting.targetPassages({
    engine,
    plans: await fft.loadFft(),
    weights: teacher,
    paths,
    perRecording: flags.perRecording ?? Number.POSITIVE_INFINITY,
    inputOf: kind.inputOf,
    onRecording: (done) => progress.to(done),
  });
  if (all.passages.length < 50) {
    throw new UserError(
      'bad-data',
      `${music.join(', ')} has ${all.passages.length} passages of 10 s, but at least 50 are needed; add more music with --music.`,
    );
  }
  const split = holdingOut.holdOutRecordings(all, kind.defaults.validationEvery);
  const { passages, targets } = split.training;
  const options = { ...kind.defaults, seed, epochs: flags.epochs ?? kind.defaults.epochs };
  const log: object[] = [
    {
      type: 'begin',
      engine: engine.description,
      recordings: paths.length,
      passages: all.passages.length,
      validationPassages: split.validation.passages.length,
      options,
    },
  ];
  progress.begin('Training', passages.length * options.epochs);
  await training.trainStudent(
    engine.tf,
    kind.create(engine.tf, {
      weights: teacher,
      seed,
      passages,
      statistics: statistics.targetStatistics(targets),
    }),
    split,
    options,
    async (event, trained) => {
      log.push({ type: 'epoch', ...event });
      if (event.epoch > 0) await writing.writeCedWeights(out, trained, kind.source);
      progress.print(describe(event));
      const lines = log.map((line) => `${JSON.stringify(line)}\n`);
      await files.mkdir(out, { recursive: true });
      await files.writeFile(`${out}/training.jsonl`, lines.join(''));
    },
    (done) => progress.to(done),
  );
  progress.end();
  console.log(`Wrote the weights to ${out}.`);
}

function describe({ epoch, loss, validation, seconds }: DistillEpoch): string {
  if (epoch === 0) return `Before: distance ${validation.toFixed(3)} on held-out recordings`;
  return `Epoch ${epoch}: distance ${loss.toFixed(3)}, ${validation.toFixed(3)} on held-out recordings, ${seconds.toFixed(0)} s`;
}
