import { VERSION } from '../../../src/util/package.ts';
import { artistKey, songKey } from '../../datasets/song.ts';
import type { Fold } from '../../train/protocol.ts';
import { evaluatedSongs } from '../folds.ts';
import type { LabeledClip } from '../labeled-clips.ts';
import type { SystemOutcome } from '../outcomes.ts';
import { type FitRule, fitRule } from './fit-rule.ts';
import type { ForecastReport } from './forecast-report.ts';
import { type FailedSystem, type SystemReport, systemReport } from './system-report.ts';

/** The system that all others are compared with. */
export const REFERENCE = 'undertone';
/** Systems whose predictions are used with the rule of A″. */
const QUEUED = [REFERENCE, 'seed-a'];

/** The result of a comparison: the input of results.md, and the object that `--json` prints. */
export interface ComparisonReport {
  readonly version: string;
  /** Command line that reproduces the run, without absolute paths. */
  readonly command: string;
  /** Date of the last finished fold, ISO 8601. */
  readonly date: string;
  readonly engine: string;
  readonly seed: number;
  readonly recipe?: string;
  readonly protocol: string;
  readonly folds: readonly { readonly name: string; readonly songs: number; readonly artists: number }[];
  readonly data: {
    readonly about: readonly string[];
    readonly songs: number;
    readonly artists: number;
    readonly clips: number;
    /** Number of labeled steps, and of evaluated ones. */
    readonly labels: number;
    readonly evaluatedSteps: number;
  };
  readonly systems: readonly SystemReport[];
  readonly failed: readonly FailedSystem[];
  readonly queueing?: FitRule;
  readonly forecasting?: ForecastReport;
}

interface ReportRequest
  extends Pick<ComparisonReport, 'command' | 'engine' | 'seed' | 'recipe' | 'protocol'> {
  readonly about: readonly string[];
  readonly clips: readonly LabeledClip[];
  readonly folds: readonly Fold[];
  readonly outcomes: readonly SystemOutcome[];
  readonly forecasting?: ForecastReport;
  /** The current date, used when no system has one. */
  readonly date: string;
}

export function comparisonReport(request: ReportRequest): ComparisonReport {
  const { command, engine, seed, recipe, protocol, about, clips, folds, outcomes, forecasting } = request;
  const songs = evaluatedSongs(folds, clips);
  const finished = outcomes.filter(({ failure }) => failure === undefined);
  const stepsOf = ({ predictions }: SystemOutcome) => predictions.flatMap(({ steps }) => steps);
  const reference = finished.find(({ system }) => system.name === REFERENCE);
  const against = reference && stepsOf(reference);
  const systems = finished.map((outcome) =>
    systemReport(outcome, songs, outcome === reference ? undefined : against),
  );
  const queued = finished.filter(({ system }) => QUEUED.includes(system.name));
  return {
    version: VERSION,
    ...{ command, engine, seed, ...(recipe !== undefined && { recipe }), protocol },
    date:
      systems
        .map(({ date }) => date)
        .sort()
        .at(-1) ?? request.date,
    folds: folds.map(({ name, isEvaluated }) => ({
      name,
      ...counts(clips.filter(({ clip }) => isEvaluated(clip.song))),
    })),
    data: {
      about,
      ...counts(clips),
      clips: clips.length,
      labels: clips.reduce((sum, { steps }) => sum + steps.length, 0),
      evaluatedSteps: songs.length,
    },
    systems,
    failed: outcomes.flatMap(({ system: { name, title }, failure }) =>
      failure === undefined ? [] : [{ name, title, failure }],
    ),
    ...(queued.length > 0 && {
      queueing: fitRule(
        queued.map((one) => ({ title: one.system.title, steps: stepsOf(one) })),
        songs,
      ),
    }),
    ...(forecasting && { forecasting }),
  };
}

function counts(clips: readonly LabeledClip[]): { songs: number; artists: number } {
  return {
    songs: new Set(clips.map(({ clip }) => songKey(clip.song))).size,
    artists: new Set(clips.map(({ clip }) => artistKey(clip.song.artist))).size,
  };
}
