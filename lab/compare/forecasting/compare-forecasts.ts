import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Engine } from '../../../src/model/engine.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import type { Fold } from '../../train/protocol.ts';
import { Random } from '../../train/random.ts';
import type { RunLog } from '../run-log.ts';
import { errorsOf, type ForecastErrors, readPart, writePart } from './forecast-errors.ts';
import type { Forecaster, ForecastTask } from './forecaster.ts';
import { linearPairs } from './forecasters/linear-pairs.ts';
import { pairLstm } from './forecasters/pair-lstm.ts';
import { lastPair } from './forecasters/persistence.ts';
import { FORECASTERS } from './forecasters.ts';
import { AHEAD, type LabelledSong, labelledSongs, pairWindows, windowsAt } from './pair-windows.ts';

/** A′'s own: all windows shuffled, one in five judged, the target two steps after the last pair. */
const LEAKY_AHEAD = 2;
const LEAKY_LEARNED = 0.8;
const LEAKY = [lastPair, linearPairs, pairLstm];
/** The songs that A′ learned from were rated in this year; where the data has enough of them, they are taken alone. */
const LEAKY_YEAR = 2013;
const LEAKY_SONGS = 100;

export interface ForecastComparison {
  readonly dataset: Dataset;
  readonly engine: Engine;
  readonly folds: readonly Fold[];
  readonly protocol: string;
  readonly seed: number;
  readonly brief?: true;
  /** Folder for what is finished. */
  readonly folder: string;
  readonly log: RunLog;
  readonly signal: AbortSignal;
  readonly onPart?: (part: string, done: number, of: number) => void;
}

export interface ForecasterOutcome {
  readonly forecaster: Forecaster;
  /** Of the folds after one another; or why there is nothing. */
  readonly errors?: ForecastErrors;
  readonly failure?: string;
}

export interface ForecastOutcome {
  readonly honest: readonly ForecasterOutcome[];
  readonly leaky: {
    readonly songs: number;
    /** Where only these were taken. */
    readonly year?: number;
    readonly outcomes: readonly ForecasterOutcome[];
  };
}

interface Part {
  readonly name: string;
  readonly learned: () => ForecastTask['learned'];
  readonly judged: () => ForecastTask['learned'];
  readonly ahead: readonly number[];
}

/**
 * The forecasting task: pairs to come from ten pairs that listeners gave, by artist, and once as A′ did it.
 *
 * @returns undefined where `signal` ended it; what was finished is kept
 */
export async function compareForecasts(request: ForecastComparison): Promise<ForecastOutcome | undefined> {
  const songs = labelledSongs(request.dataset);
  const honest = request.folds.map(
    ({ name, learns, judges }): Part => ({
      name,
      learned: once(() => pairWindows(songs.filter(({ song }) => learns(song)))),
      judged: once(() => pairWindows(songs.filter(({ song }) => judges(song)))),
      ahead: AHEAD,
    }),
  );
  const ofYear = songs.filter(({ song }) => song.year === LEAKY_YEAR);
  const enough = ofYear.length >= LEAKY_SONGS;
  const leaky = leakyPart(enough ? ofYear : songs, request.seed);
  const of = FORECASTERS.length * honest.length + LEAKY.length;
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
        if (!(fault instanceof ForecasterFault)) throw fault;
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
  const byArtist = await outcomes(FORECASTERS, honest);
  const byWindow = byArtist && (await outcomes(LEAKY, [leaky]));
  if (!byWindow) return undefined;
  const { songs: count, year } = { songs: (enough ? ofYear : songs).length, year: LEAKY_YEAR };
  return { honest: byArtist, leaky: { songs: count, ...(enough && { year }), outcomes: byWindow } };
}

class ForecasterFault extends Error {
  readonly part: string;

  constructor(part: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.part = part;
  }
}

async function partErrors(
  { engine, protocol, folds, seed, brief, folder, log, signal }: ForecastComparison,
  forecaster: Forecaster,
  { name, learned, judged, ahead }: Part,
  data: string,
): Promise<ForecastErrors | undefined> {
  if (signal.aborted) return undefined;
  const place = join(
    folder,
    forecaster.name,
    `${protocol}-${folds.length}-${name}.json`.replaceAll(' ', '-'),
  );
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
  const kept = await readPart(place, key);
  if (kept) return kept;
  const began = performance.now();
  let errors: ForecastErrors | undefined;
  try {
    const task = { learned: learned(), ahead, engine, seed, signal, ...(brief && { brief }) };
    const say = await forecaster.learn(task);
    errors = say && errorsOf(say, judged());
  } catch (fault) {
    throw new ForecasterFault(name, fault);
  }
  if (!errors) return undefined;
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  await writePart(place, key, errors);
  await log.write({ event: 'forecasting', part: `${forecaster.name}, ${name}`, seconds });
  return errors;
}

function leakyPart(songs: readonly LabelledSong[], seed: number): Part {
  const windows = once(() => pairWindows(songs, [LEAKY_AHEAD]));
  const order = once(() => new Random(seed).permutation(windows().count));
  const border = () => Math.round(LEAKY_LEARNED * windows().count);
  return {
    name: 'windows of all songs shuffled',
    learned: once(() => windowsAt(windows(), order().slice(0, border()))),
    judged: once(() => windowsAt(windows(), order().slice(border()))),
    ahead: [LEAKY_AHEAD],
  };
}

function hashOf(songs: readonly LabelledSong[]): string {
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
