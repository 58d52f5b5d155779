import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { ENGINE_NAMES, type EngineName } from '../../src/model/engine.ts';
import { UserError } from '../../src/user-error.ts';
import type { EvaluatedStep } from '../evaluate/evaluate.ts';
import { EVALUATION_PARTS, type EvaluationPart } from '../evaluate/parts.ts';

interface EvaluateFlags {
  readonly data: string[];
  readonly model: string;
  readonly split: EvaluationPart;
  readonly engine: EngineName | 'auto';
  readonly genres?: boolean;
  readonly plots?: string;
  readonly json?: boolean;
}

/** `undertone evaluate`: scores of a model on labeled music, through the same code as live tracking. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('Evaluate a model on labeled music. Each clip is streamed through the live tracker.')
    .requiredOption('--data <dir...>', 'labeled music, in any layout that undertone train reads')
    .option('--model <name>', 'name of a model in models/, or path of a model folder', 'undertone')
    .addOption(
      new Option('--split <part>', 'songs to evaluate; "all" also reports the held-out songs separately')
        .choices(EVALUATION_PARTS)
        .default('all'),
    )
    .addOption(
      new Option('--engine <name>', 'compute backend; auto uses the fastest one that is installed')
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    )
    .option('--genres', 'print scores by genre for the first reported part')
    .option(
      '--plots <dir>',
      'write scatter.svg and calibration.svg for the first reported part to this folder',
    )
    .option('--json', 'print the report as one JSON object')
    .addHelpText('after', '\nExample:\n  $ undertone evaluate --data deam --split held-out')
    .action(run);
}

async function run(flags: EvaluateFlags): Promise<void> {
  const [
    { loadEngine },
    { findModel, readAnyModel },
    { readDataset },
    { evaluateClips },
    { evaluate },
    { reportTable },
    { evaluationParts, readSplit },
    { songKey },
    { createProgress },
  ] = await Promise.all([
    import('../../src/model/engine.ts'),
    import('../../src/model/load.ts'),
    import('../datasets/dataset.ts'),
    import('../evaluate/evaluate-clips.ts'),
    import('../evaluate/evaluate.ts'),
    import('../evaluate/report-table.ts'),
    import('../evaluate/parts.ts'),
    import('../datasets/song.ts'),
    import('../../src/commands/progress.ts'),
  ]);
  const folder = await findModel(flags.model);
  const { name, calibration } = await readAnyModel(folder);
  const dataset = await readDataset(flags.data);
  const split = await readSplit(folder);
  const labeled = dataset.clips.filter(({ song }) => dataset.hasLabels(song));
  const parts = evaluationParts(labeled, split, flags.split);
  const engine = await loadEngine(flags.engine);
  const clips = [...new Set(parts.flatMap((part) => part.clips))];
  const progress = createProgress();
  progress.begin('Analyzing', clips.length);
  let done = 0;
  const onClip = () => progress.to(++done);
  const evaluated = await evaluateClips({ dataset, clips, model: folder, engine, onClip });
  progress.end();

  const genres = new Map(dataset.clips.map(({ song }) => [songKey(song), song.genre]));
  const byPart: { genre: string | undefined; steps: EvaluatedStep[] }[][] = [];
  const reports = parts.map((part) => {
    const ofPart = part.clips.map((clip) => evaluated.get(clip)!);
    const songs = new Map<string, EvaluatedStep[]>();
    for (const { clip, steps } of ofPart) {
      const key = songKey(clip.song);
      songs.set(key, [...(songs.get(key) ?? []), ...steps]);
    }
    byPart.push(
      [...songs]
        .map(([key, steps]) => ({ genre: genres.get(key), steps }))
        .filter(({ steps }) => steps.length > 0),
    );
    const silentSteps = ofPart.reduce((sum, { silent }) => sum + silent, 0);
    const report = evaluate([...songs.values()], calibration.labelMean);
    return { part: part.name, about: part.about, clips: ofPart.length, silentSteps, ...report };
  });
  const [songs = []] = byPart;
  if (flags.plots) await drawPlots(flags.plots, songs);
  if (flags.json) {
    console.log(JSON.stringify({ model: name, engine: engine.name, data: flags.data.join(' '), reports }));
    return;
  }
  console.log(`Model ${name} on ${engine.description}.\n`);
  for (const report of reports) {
    const silence = report.silentSteps > 0 ? `, ${report.silentSteps} silent steps left out` : '';
    const counts = `${report.songs} songs, ${report.clips} clips, ${report.steps} steps${silence}`;
    console.log(`${reportTable(`${report.about}: ${counts}`, report)}\n`);
  }
  if (flags.genres) {
    const { genreScores, genreTable } = await import('../evaluate/genre-table.ts');
    console.log(genreTable(genreScores(songs)));
  }
}

async function drawPlots(
  folder: string,
  songs: readonly { readonly steps: readonly EvaluatedStep[] }[],
): Promise<void> {
  const { calibrationPicture, scatterPicture } = await import('../plots/evaluation-charts.ts');
  const steps = songs.map((song) => song.steps);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'scatter.svg'), scatterPicture(steps));
    await writeFile(join(folder, 'calibration.svg'), calibrationPicture(steps));
  } catch (cause) {
    throw new UserError(
      'cannot-write',
      `The plots cannot be written to ${folder} (${(cause as Error).message}); choose another folder.`,
      { cause: cause as Error },
    );
  }
}
