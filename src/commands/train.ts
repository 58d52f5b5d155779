import { join } from 'node:path';
import { MultiBar, type SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ENGINE_NAMES, type EngineName } from '../model/engine.ts';
import type { EpochEvent, TrainEvent } from '../model/train/train.ts';
import { positiveInteger } from './positive-integer.ts';

interface TrainFlags {
  readonly data: string;
  readonly out: string;
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
    .option('--epochs <n>', 'how often to go through the music, at most', positiveInteger)
    .option('--seed <n>', 'the same seed on the same engine gives the same weights', wholeNumber, 1)
    .addOption(
      new Option('--engine <name>', 'what computes').choices(['auto', ...ENGINE_NAMES]).default('auto'),
    )
    .option('--cache <dir>', 'folder for mel frames that were computed before (default: one per user)')
    .addHelpText('after', '\nExample:\n  $ undertone train --data deam --out models/mine --seed 7')
    .action(run);
}

async function run(flags: TrainFlags): Promise<void> {
  const [
    { loadEngine },
    { loadFft },
    { readDataset },
    { defaultCacheFolder },
    { DEFAULT_TRAINING },
    { train },
  ] = await Promise.all([
    import('../model/engine.ts'),
    import('../stream/fft.ts'),
    import('../model/train/dataset.ts'),
    import('../model/train/mel-cache.ts'),
    import('../model/train/options.ts'),
    import('../model/train/train.ts'),
  ]);
  const dataset = await readDataset(flags.data);
  const { seed } = flags;
  const epochs = flags.epochs ?? DEFAULT_TRAINING.epochs;
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const report = new TrainReport(epochs);
  try {
    await train({
      dataset,
      engine: await loadEngine(flags.engine),
      fft: await loadFft(),
      out: flags.out,
      cacheFolder: flags.cache ?? defaultCacheFolder(),
      options: { ...DEFAULT_TRAINING, seed, epochs },
      onEvent: (event) => report.tell(event),
      signal: stop.signal,
    });
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
