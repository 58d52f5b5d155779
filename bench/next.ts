/*
 * Does `undertone next` rank a track's own continuation first? Every recording is cut in two. The first part is the
 * track that is playing; the candidates are the second parts of all recordings, each from a fresh state.
 *
 *   npm run bench next -- FILE|FOLDER… [--model undertone] [--before 45] [--opening 15] [--cuts 0.5]
 *
 * `before`: seconds analyzed before the cut; `cuts`: where to cut, as shares of the length, one round for each. One
 * row per method: the share of recordings whose continuation comes first, or among the first three, and the mean of
 * 1 / rank. Tempo and key are estimated from each part by itself. Methods that accept or reject without ranking choose
 * at random among what they accept, and the figures are expected values. Other tracks may continue a recording as well,
 * so all figures are lower bounds. Ctrl-C prints the figures of the recordings that are done. `±` is the standard error
 * of the mean of 1 / rank over the recordings.
 */
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseFile } from 'music-metadata';
import { from, lastValueFrom, mergeMap, toArray } from 'rxjs';
import { analyzeRecording, type RecordingAnalysis } from '../src/library/analysis/analyze-recording.ts';
import type { Track, TrackAnalysis } from '../src/library/analyze-tracks.ts';
import { distance } from '../src/library/distance.ts';
import { keyFit, tempoFit } from '../src/library/next/fit.ts';
import { fits, PAPER_TOLERANCE } from '../src/library/rank.ts';
import { recordingsIn } from '../src/library/recordings-in.ts';
import { loadActivityDetector } from '../src/model/activity/activity-detector.ts';
import { loadEngine } from '../src/model/engine.ts';
import { loadModel } from '../src/model/load.ts';
import { createStepper } from '../src/model/stepper.ts';
import { loadFft } from '../src/stream/fft.ts';
import { openRecording } from '../src/stream/sources/index.ts';
import type { Source } from '../src/types.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'undertone' },
    before: { type: 'string', default: '45' },
    opening: { type: 'string', default: '15' },
    cuts: { type: 'string', default: '0.5' },
  },
});
const before = Number(values.before);
const openingSeconds = Number(values.opening);
const files: string[] = [];
for (const path of positionals)
  files.push(...(statSync(path).isDirectory() ? await recordingsIn([path]) : [path]));

const modelsFolder = new URL('../models', import.meta.url).pathname;
const engine = await loadEngine('auto');
const model = await loadModel(values.model, engine, { modelsFolder });
const analysis: TrackAnalysis = {
  stepper: createStepper(model),
  fft: await loadFft(),
  detector: await loadActivityDetector(`${modelsFolder}/activity`),
};

interface Halves {
  readonly file: string;
  readonly before: RecordingAnalysis;
  readonly after: RecordingAnalysis;
}

let isStopped = false;
process.once('SIGINT', () => {
  isStopped = true;
});

const rounds: Halves[][] = [];
for (const cut of values.cuts.split(',').map(Number)) {
  const analyzed = await lastValueFrom(
    from(files).pipe(
      mergeMap((file) => halves(file, cut), 16),
      toArray(),
    ),
  );
  rounds.push(analyzed.flatMap((one) => one ?? []).sort((a, b) => a.file.localeCompare(b.file)));
}

const n = rounds.reduce((sum, round) => sum + round.length, 0);
console.log(
  `${model.name} on ${engine.description}; ${n} endings, ${rounds.map((round) => round.length).join(' and ')} candidates; up to ${before} s before the cut, openings of ${openingSeconds} s\n`,
);
type Part = RecordingAnalysis;
const firstEmotion = ({ ending: { forecast } }: Part, { opening: { path } }: Part) =>
  Math.hypot(path[0]!.valence - forecast[0]!.valence, path[0]!.arousal - forecast[0]!.arousal);
const byOpening = (before: Part, { opening }: Part) => distance(before.ending, opening.path) ** 2;
const byTempo = (before: Part, after: Part) => tempoFit(before.tempo?.bpm, after.tempo?.bpm).cost;
const byKey = (before: Part, after: Part) => keyFit(before.key?.key, after.key?.key).cost;
const byRule = ({ ending }: Part, { opening }: Part) => fits(ending, opening, PAPER_TOLERANCE);
console.table({
  'opening, tempo and key (library)': scores((a, b) => byOpening(a, b) + byTempo(a, b) + byKey(a, b)),
  'opening (--from)': scores(byOpening),
  'nearest first emotion': scores(firstEmotion),
  'nearest mean': scores((a, b) => Math.hypot(a.valence - b.opening.valence, a.arousal - b.opening.arousal)),
  'tempo and key alone': scores((a, b) => byTempo(a, b) + byKey(a, b)),
  [`first emotion within ±${PAPER_TOLERANCE}`]: scores((a, b) => (byRule(a, b) ? 0 : 1)),
  chance: scores(() => 0),
});
const passing = rounds.flatMap((round) =>
  round.map((one) => round.filter(({ after }) => byRule(one.before, after)).length),
);
const own = rounds.flat().filter(({ before, after }) => byRule(before, after)).length;
console.log(
  `Within ±${PAPER_TOLERANCE}: no track after ${passing.filter((many) => many === 0).length} of ${n} endings, ${(passing.reduce((a, b) => a + b, 0) / n).toFixed(1)} on average; the continuation after ${own}.`,
);

/** Expected values where ties are broken at random. */
function scores(measure: (before: Part, after: Part) => number) {
  let [first, three] = [0, 0];
  const reciprocals: number[] = [];
  for (const round of rounds) {
    for (const one of round) {
      const mine = measure(one.before, one.after);
      const others = round.filter((other) => other !== one).map(({ after }) => measure(one.before, after));
      const nearer = others.filter((other) => other < mine).length;
      const equal = others.filter((other) => other === mine).length;
      let reciprocal = 0;
      for (let place = nearer + 1; place <= nearer + 1 + equal; place++) {
        const share = 1 / (equal + 1);
        if (place === 1) first += share;
        if (place <= 3) three += share;
        reciprocal += share / place;
      }
      reciprocals.push(reciprocal);
    }
  }
  const percent = (sum: number) => `${((100 * sum) / n).toFixed(1)} %`;
  const mean = reciprocals.reduce((a, b) => a + b, 0) / n;
  const error = Math.sqrt(reciprocals.reduce((sum, one) => sum + (one - mean) ** 2, 0)) / n;
  return {
    first: percent(first),
    'first three': percent(three),
    '1 / rank': mean.toFixed(3),
    '±': error.toFixed(3),
  };
}

async function halves(file: string, cut: number): Promise<Halves | undefined> {
  if (isStopped) return undefined;
  try {
    const at = cut * (await lengthOf(file));
    const playing = await analyzeRecording(part(file, Math.max(0, at - before), at), analysis);
    const next = await analyzeRecording(part(file, at, at + before), analysis);
    const steps = next.opening.path.filter(({ at: second }) => second <= openingSeconds);
    return { file, before: playing, after: { ...next, opening: { ...next.opening, path: steps } } };
  } catch (error) {
    console.log(`Skipped: ${(error as Error).message}`);
    return undefined;
  }
}

/** Seconds, from the header or by decoding. */
async function lengthOf(file: string): Promise<number> {
  const { format } = await parseFile(file, { duration: true, skipCovers: true });
  if (format.duration) return format.duration;
  let seconds = 0;
  for await (const item of openRecording(file).source.open(new AbortController().signal)) {
    if (item.type === 'audio') seconds += item.samples.length / item.channels / item.sampleRateHz;
  }
  return seconds;
}

/** A part of a recording, cut at exact samples. */
function part(file: string, fromSeconds: number, toSeconds: number): Track {
  const { source } = openRecording(file);
  const cutOut: Source = {
    uri: source.uri,
    async *open(signal) {
      let at = 0;
      for await (const item of source.open(signal)) {
        if (item.type !== 'audio') continue;
        const { samples, channels, sampleRateHz } = item;
        const index = (seconds: number) =>
          channels *
          Math.max(0, Math.min(samples.length / channels, Math.round(seconds * sampleRateHz) - at));
        const wanted = samples.slice(index(fromSeconds), index(toSeconds));
        if (wanted.length > 0) yield { ...item, samples: wanted };
        at += samples.length / channels;
        if (at >= toSeconds * sampleRateHz) return;
      }
    },
  };
  return { name: file, source: cutOut };
}
