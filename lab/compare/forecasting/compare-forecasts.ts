import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Engine } from '../../../src/model/engine.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import type { Fold } from '../../train/protocol.ts';
import { Random } from '../../train/random.ts';
import type { RunLog } from '../run-log.ts';
import { errorsOf, type ForecastErrors, readErrors, storeErrors } from './forecast-errors.ts';
import { type Forecaster, persistence } from './forecaster.ts';
import { autoregression, linearPairs } from './forecasters/linear.ts';
import { pairLstm } from './forecasters/pair-lstm.ts';
import { ours } from './forecasters/pair-ridge.ts';
import {
  AHEAD,
  type LabeledSong,
  labeledSongs,
  type PairWindows,
  pairWindows,
  windowsAt,
} from './pair-windows.ts';

/** All forecasters in the order of table rows. */
export const FORECASTERS: readonly Forecaster[] = [persistence, linearPairs, autoregression, pairLstm, ours];

/** The protocol of A′: all windows shuffled, 20 % evaluated, the target two steps after the last pair. */
const LEAKY_AHEAD = 2;
const LEAKY_TRAINING_SHARE = 0.8;
const LEAKY_FORECASTERS = [persistence, linearPairs, pairLstm];
/** A′ used songs rated in this year. If the data set has at least `LEAKY_SONGS` of them, only these are used. */
const LEAKY_YEAR = 2013;
const LEAKY_SONGS = 100;

interface ForecastComparison {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly folds: readonly Fold[];
  readonly protocol: string;
  readonly seed: number;
  readonly brief?: true;
  /** Folder for finished parts. */
  readonly folder: string;
  readonly log: RunLog;
  readonly signal: AbortSignal;
  readonly onPart?: (part: string, done: number, of: number) => void;
}

export interface ForecasterOutcome {
  readonly forecaster: Forecaster;
  /** Errors of all folds in order; absent when it failed. */
  readonly errors?: ForecastErrors;
  readonly failure?: string;
}

export interface ForecastOutcome {
  /** Folds by artist. */
  readonly byArtist: readonly ForecasterOutcome[];
  /** The protocol of A′, where evaluated windows overlap with training windows. */
  readonly leaky: {
    readonly songs: number;
    /** Set when only songs of this year were used. */
    readonly year?: number;
    readonly outcomes: readonly ForecasterOutcome[];
  };
}

interface Part {
  readonly name: string;
  readonly training: () => PairWindows;
  readonly evaluated: () => PairWindows;
  readonly ahead: readonly number[];
}

/**
 * Compares forecasts of labels from the ten labels before them: in folds by artist, and by the protocol of A′.
 *
 * @returns undefined when `signal` aborted it; finished parts stay stored
 * @throws UserError `cannot-write`
 */
export async function compareForecasts(request: ForecastComparison): Promise<ForecastOutcome | undefined> {
  const songs = labeledSongs(request.dataset);
  const artistParts = request.folds.map(
    ({ name, isTraining, isEvaluated }): Part => ({
      name,
      training: once(() => pairWindows(songs.filter(({ song }) => isTraining(song)))),
      evaluated: once(() => pairWindows(songs.filter(({ song }) => isEvaluated(song)))),
      ahead: AHEAD,
    }),
  );
  const ofYear = songs.filter(({ song }) => song.year === LEAKY_YEAR);
  const enough = ofYear.length >= LEAKY_SONGS;
  const leaky = leakyPart(enough ? ofYear : songs, request.seed);
  const of = FORECASTERS.length * artistParts.length + LEAKY_FORECASTERS.length;
  const data = hashOf(songs);
  let done = 0;
  const errorsOfParts = async (forecaster: Forecaster, parts: readonly Part[]) => {
    const all: ForecastErrors[] = [];
    for (const part of parts) {
      request.onPart?.(`${forecaster.title}, ${part.name}`, done++, of);
      const errors = await partErrors(request, forecaster, part, data);
      if (!errors) return undefined;
      all.push(errors);
    }
    return all.flat();
  };
  const outcomes = async (forecasters: readonly Forecaster[], parts: readonly Part[]) => {
    const all: ForecasterOutcome[] = [];
    for (const forecaster of forecasters) {
      try {
        const errors = await errorsOfParts(forecaster, parts);
        if (!errors) return undefined;
        all.push({ forecaster, errors });
      } catch (fault) {
        if (!(fault instanceof ForecasterFailure)) throw fault;
        await request.log.write({
          event: 'failed',
          system: forecaster.name,
          fold: fault.part,
          reason: fault.message,
        });
        all.push({ forecaster, failure: `${fault.part}: ${fault.message}` });
      }
    }
    return all;
  };
  const byArtist = await outcomes(FORECASTERS, artistParts);
  const byWindow = byArtist && (await outcomes(LEAKY_FORECASTERS, [leaky]));
  if (!byWindow) return undefined;
  const { songs: count, year } = { songs: (enough ? ofYear : songs).length, year: LEAKY_YEAR };
  return { byArtist, leaky: { songs: count, ...(enough && { year }), outcomes: byWindow } };
}

/** Failure of one forecaster in one part; the others continue. */
class ForecasterFailure extends Error {
  readonly part: string;

  constructor(part: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.part = part;
  }
}

async function partErrors(
  { engine, protocol, folds, seed, brief, folder, log, signal }: ForecastComparison,
  forecaster: Forecaster,
  { name, training, evaluated, ahead }: Part,
  data: string,
): Promise<ForecastErrors | undefined> {
  if (signal.aborted) return undefined;
  const path = join(folder, forecaster.name, `${protocol}-${folds.length}-${name}.json`.replaceAll(' ', '-'));
  const { name: system, version } = forecaster;
  const key = {
    system,
    version,
    part: name,
    protocol,
    folds: folds.length,
    data,
    seed,
    brief: brief ?? false,
  };
  const stored = await readErrors(path, key);
  if (stored) return stored;
  const began = performance.now();
  let errors: ForecastErrors | undefined;
  try {
    const task = { training: training(), ahead, engine, seed, signal, ...(brief && { brief }) };
    const forecast = await forecaster.train(task);
    errors = forecast && errorsOf(forecast, evaluated());
  } catch (fault) {
    throw new ForecasterFailure(name, fault);
  }
  if (!errors) return undefined;
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  await storeErrors(path, key, errors);
  await log.write({ event: 'forecasting', part: `${forecaster.name}, ${name}`, seconds });
  return errors;
}

function leakyPart(songs: readonly LabeledSong[], seed: number): Part {
  const windows = once(() => pairWindows(songs, [LEAKY_AHEAD]));
  const order = once(() => new Random(seed).permutation(windows().count));
  const border = () => Math.round(LEAKY_TRAINING_SHARE * windows().count);
  return {
    name: 'windows of all songs shuffled', // part of a file name in the store
    training: once(() => windowsAt(windows(), order().slice(0, border()))),
    evaluated: once(() => windowsAt(windows(), order().slice(border()))),
    ahead: [LEAKY_AHEAD],
  };
}

function hashOf(songs: readonly LabeledSong[]): string {
  const hash = createHash('sha256');
  for (const { song, runs } of songs) {
    hash.update(`${song.id}\t${song.artist}\n`);
    for (const run of runs) hash.update(run);
  }
  return hash.digest('hex');
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
