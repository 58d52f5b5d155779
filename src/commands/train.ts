import { join } from 'node:path';
import { MultiBar, type SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ENGINE_NAMES, type EngineName } from '../model/engine.ts';
import { FRONT_ENDS, type FrontEndName } from '../model/front-end.ts';
import { PROTOCOLS, type Protocol } from '../model/train/protocol.ts';
import type { EpochEvent, TrainEvent } from '../model/train/train.ts';
import { positiveInteger } from './positive-integer.ts';

interface TrainFlags {
  readonly data: string;
  readonly out: string;
  readonly frontEnd: FrontEndName;
  readonly protocol?: Protocol;
  readonly folds: number;
  readonly epochs?: number;
  readonly seed: number;
  readonly engine: EngineName | 'auto';
  readonly cache?: string;
}

/** `undertone train`: weights from labelled music, through the same path from samples to windows as live. */
export function trainCommand(): Command {
  return new Command('train')
    .description('Train a model on labelled music.')
    .requiredOption('--data <dir>', 'labelled music: clips.csv, dynamic.csv, songs.csv and audio/')
    .option('--out <dir>', 'folder to write the model to', join('models', 'my-model'))
    .addOption(
      new Option('--front-end <name>', 'what the network hears through: mel statistics, or a music tagger')
        .choices(FRONT_ENDS)
        .default('mel'),
    )
    .addOption(
      new Option(
        '--protocol <name>',
        'write no model but judge this way of training on songs left out: by artist, or across years',
      ).choices(PROTOCOLS),
    )
    .option('--folds <n>', 'trainings of the protocol "artists"', positiveInteger, 5)
    .option('--epochs <n>', 'how often to go through the music, at most', positiveInteger)
    .option('--seed <n>', 'the same seed on the same engine gives the same weights', wholeNumber, 1)
    .addOption(
      new Option('--engine <name>', 'what computes').choices(['auto', ...ENGINE_NAMES]).default('auto'),
    )
    .option('--cache <dir>', 'folder for mel frames that were computed before (default: one per user)')
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone train --data deam --out models/mine --seed 7\n  $ undertone train --data deam --front-end musicnn --protocol years',
    )
    .action(run);
}

async function run(flags: TrainFlags): Promise<void> {
  const [
    { loadEngine },
    { loadFft },
    { readDataset },
    { defaultCacheFolder },
    { TRAINING },
    { train },
    { runProtocol },
  ] = await Promise.all([
    import('../model/engine.ts'),
    import('../stream/fft.ts'),
    import('../model/train/dataset.ts'),
    import('../model/train/mel-cache.ts'),
    import('../model/train/options.ts'),
    import('../model/train/train.ts'),
    import('./train-protocol.ts'),
  ]);
  const dataset = await readDataset(flags.data);
  const { seed, protocol } = flags;
  const standard = TRAINING[flags.frontEnd];
  const epochs = flags.epochs ?? standard.epochs;
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const common = {
    dataset,
    engine: await loadEngine(flags.engine),
    fft: await loadFft(),
    cacheFolder: flags.cache ?? defaultCacheFolder(),
    options: { ...standard, seed, epochs },
    signal: stop.signal,
  };
  if (protocol) {
    await runProtocol({ ...common, protocol, folds: flags.folds });
    return;
  }
  const report = new TrainReport(epochs);
  try {
    await train({ ...common, out: flags.out, onEvent: (event) => report.tell(event) });
  } finally {
    report.end();
  }
  console.log(
    `\nWrote the model to ${flags.out}. Try it: undertone evaluate --data ${flags.data} --model ${flags.out}`,
  );
}

/** Progress on stderr, with the time left; an epoch's figures on stdout. */
class TrainReport {
  /** Only for people who watch: a log has no use for bars. */
  readonly #bars: MultiBar | undefined;
  readonly #epochs: number;
  #bar: SingleBar | undefined;

  constructor(epochs: number) {
    this.#epochs = epochs;
    if (!process.stderr.isTTY) return;
    this.#bars = new MultiBar({
      format: '{what} {bar} {value}/{total}, {eta_formatted} left',
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    });
  }

  tell(event: TrainEvent): void {
    switch (event.type) {
      case 'begin': {
        const { train, validation, 'held-out': heldOut } = event.clips;
        this.#print(
          `${train} clips to learn from, ${validation} to validate, ${heldOut} held out; no artist is in two of these. Engine: ${event.engine}. Seed ${event.options.seed}.`,
        );
        break;
      }
      case 'heard':
        this.#bar ??= this.#bars?.create(event.of, 0, { what: 'Listening' });
        this.#bar?.update(event.clips);
        break;
      case 'epoch':
        if (event.epoch === 1) this.#startEpochs();
        this.#bar?.update(event.epoch);
        this.#print(epochLine(event));
        break;
      case 'done':
        this.end();
        this.#print(`Kept the weights of epoch ${event.bestEpoch}.`);
    }
  }

  end(): void {
    this.#bars?.stop();
  }

  #startEpochs(): void {
    if (this.#bar) this.#bars?.remove(this.#bar);
    this.#bar = this.#bars?.create(this.#epochs, 0, { what: 'Training ' });
  }

  #print(line: string): void {
    if (this.#bars)
      this.#bars.log(`${line}\n`); // above the bars
    else console.log(line);
  }
}

function epochLine({ epoch, loss, validation: { valence, arousal }, seconds, best }: EpochEvent): string {
  const rmse = `RMSE valence ${valence.rmse.toFixed(4)} arousal ${arousal.rmse.toFixed(4)}`;
  const ccc = `CCC ${valence.ccc.toFixed(3)} ${arousal.ccc.toFixed(3)}`;
  return `epoch ${epoch}: loss ${loss.toFixed(3)}, validation ${rmse}, ${ccc}, ${seconds.toFixed(1)} s${best ? ' *' : ''}`;
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('A whole number of at least 0 is expected.');
}
