import { VERSION } from '../../../src/util/package.ts';
import { artistKey, songKey } from '../../datasets/song.ts';
import type { Fold } from '../../train/protocol.ts';
import type { SystemOutcome } from '../compare-systems.ts';
import { judgedSongs } from '../folds.ts';
import type { LabelledClip } from '../labelled-clips.ts';
import { type FitRule, fitRule } from './fit-rule.ts';
import type { ForecastReport } from './forecast-report.ts';
import { type FailedSystem, type SystemReport, systemReport } from './system-report.ts';

/** The system that all others are held against. */
export const REFERENCE = 'undertone';
/** Whose outputs the rule of queueing is tried with. */
const QUEUED = [REFERENCE, 'seed-a'];

/** What a comparison found: all that results.md is made of, and the object that `--json` prints. */
export interface ComparisonReport {
  readonly version: string;
  /** As it was typed, without folders of this machine. */
  readonly command: string;
  /** When the last piece of work was finished. */
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
    /** Labelled steps; and those of them that are judged. */
    readonly labels: number;
    readonly judged: number;
  };
  readonly systems: readonly SystemReport[];
  readonly failed: readonly FailedSystem[];
  readonly queueing?: FitRule;
  readonly forecasting?: ForecastReport;
}

export interface ReportRequest
  extends Pick<ComparisonReport, 'command' | 'engine' | 'seed' | 'recipe' | 'protocol'> {
  readonly about: readonly string[];
  readonly clips: readonly LabelledClip[];
  readonly folds: readonly Fold[];
  readonly outcomes: readonly SystemOutcome[];
  readonly forecasting?: ForecastReport;
  /** Now, where nothing else has a date. */
  readonly date: string;
}

export function comparisonReport(request: ReportRequest): ComparisonReport {
  const { command, engine, seed, recipe, protocol, about, clips, folds, outcomes, forecasting } = request;
  const songs = judgedSongs(folds, clips);
  const whole = outcomes.filter(({ failure }) => failure === undefined);
  const stepsOf = ({ answers }: SystemOutcome) => answers.flatMap(({ steps }) => steps);
  const reference = whole.find(({ system }) => system.name === REFERENCE);
  const against = reference && stepsOf(reference);
  const systems = whole.map((outcome) =>
    systemReport(outcome, songs, outcome === reference ? undefined : against),
  );
  const queued = whole.filter(({ system }) => QUEUED.includes(system.name));
  return {
    version: VERSION,
    ...{ command, engine, seed, ...(recipe !== undefined && { recipe }), protocol },
    date:
      systems
        .map(({ date }) => date)
        .sort()
        .at(-1) ?? request.date,
    folds: folds.map(({ name, judges }) => ({
      name,
      ...counts(clips.filter(({ clip }) => judges(clip.song))),
    })),
    data: {
      about,
      ...counts(clips),
      clips: clips.length,
      labels: clips.reduce((sum, { steps }) => sum + steps.length, 0),
      judged: songs.length,
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

function counts(clips: readonly LabelledClip[]): { songs: number; artists: number } {
  return {
    songs: new Set(clips.map(({ clip }) => songKey(clip.song))).size,
    artists: new Set(clips.map(({ clip }) => artistKey(clip.song.artist))).size,
  };
}
