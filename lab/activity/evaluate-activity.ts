import type { ActivityDetector } from '../../src/model/activity/activity-detector.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { type Activity, STEP_SECONDS } from '../../src/types.ts';
import { Random } from '../train/random.ts';
import { windowsOf } from './analyzed-scene.ts';
import { mixUnder, musicStretch, speechStretch } from './broadcast.ts';
import type { Kind } from './catalog.ts';
import { type Channel, transmit } from './channel.ts';
import { DEAM, type Material } from './material.ts';
import { plainMusic } from './scene.ts';

/** The channels of the evaluation, the same for speech and music. */
const CONDITIONS: Readonly<Record<string, Channel>> = {
  'as recorded': { levelDb: -20 },
  'soft, -45 dB': { levelDb: -45 },
  telephone: { lowCutHz: 300, highCutHz: 3400, muLaw: true, levelDb: -20 },
  'pink noise 10 dB under': { noiseDb: 10, noiseSlope: 3, levelDb: -20 },
  'far in a room (0.9 s)': { reverbSeconds: 0.9, reverbRatio: 2, noiseDb: 25, noiseSlope: 6, levelDb: -32 },
  'radio compression': { compression: 0.4, lowCutHz: 60, levelDb: -14 },
};
/** Levels of background music below speech, in dB. */
const BEDS_DB = [20, 15, 10, 6];

/** Length of one stream. */
const STREAM_SECONDS = 33;
/** Start of a stream that is not counted: the time to decide. */
const GRACE_SECONDS = 3;
/** Streams of each source in each condition. */
const STREAMS = 4;
/** Seconds before and after a change. */
const SIDE_SECONDS = 12;
/** Changes of each kind. */
const CHANGES = 80;
/** An activity counts as detected if it holds for this long. */
const HOLD_SECONDS = 2;

/** Number of steps and of correct ones, without silent steps. */
interface Tally {
  readonly steps: number;
  readonly right: number;
}

interface ConditionReport {
  readonly condition: string;
  readonly speechF1: number;
  readonly musicF1: number;
  readonly sources: Readonly<Record<string, Tally & { readonly kind: Kind }>>;
}

interface DelayReport {
  readonly change: string;
  readonly count: number;
  /** Seconds from the change until the right activity is detected, counted at the end of its first step. */
  readonly median: number;
  /** 90th percentile. */
  readonly p90: number;
  /** Changes that were not detected within SIDE_SECONDS. */
  readonly missed: number;
}

export interface ActivityReport {
  readonly conditions: readonly ConditionReport[];
  /** Share of steps detected as speech, with background music `softerDb` dB below the voice. */
  readonly talkOver: readonly { readonly softerDb: number; readonly speech: number }[];
  readonly delays: readonly DelayReport[];
  /** Music detected as speech: every step of every clip of DEAM as recorded, each from a fresh state. */
  readonly falseSpeech: {
    readonly clips: number;
    readonly steps: number;
    readonly share: number;
    readonly clipsWithAny: number;
  };
}

/**
 * Evaluates a detector on one part of the material, on the live path. The same material gives the same report.
 *
 * @param onTask progress: tasks done, and how many there are
 */
export function evaluateActivity(
  detector: ActivityDetector,
  material: readonly Material[],
  fft: FftPlans,
  onTask: (done: number, of: number) => void = () => {},
): ActivityReport {
  const tasks = Object.keys(CONDITIONS).length + BEDS_DB.length + 3;
  let done = 0;
  const next = <T>(result: T): T => {
    onTask(++done, tasks);
    return result;
  };
  const speech = material.filter(({ kind }) => kind === 'speech');
  const music = material.filter(({ kind }) => kind === 'music');
  const classify = (samples: Float32Array) => activitiesOf(detector, samples, fft);

  return {
    conditions: Object.entries(CONDITIONS).map(([name, channel]) => next(evaluateCondition(name, channel))),
    talkOver: BEDS_DB.map((softerDb) => next({ softerDb, speech: evaluateTalkOver(softerDb) })),
    delays: [next(evaluateChanges('music', 'speech')), next(evaluateChanges('speech', 'music'))],
    falseSpeech: next(evaluateMusic()),
  };

  function evaluateCondition(condition: string, channel: Channel): ConditionReport {
    const random = new Random(7);
    const sources: Record<string, Tally & { kind: Kind }> = {};
    for (const source of material) {
      const { kind, name } = source;
      let tally: Tally = { steps: 0, right: 0 };
      for (let i = 0; i < STREAMS; i++) {
        const samples = stretchOf(source, STREAM_SECONDS, random);
        transmit(samples, channel, random);
        tally = add(tally, count(classify(samples).slice(GRACE_SECONDS / STEP_SECONDS), kind));
      }
      sources[name] = { kind, ...tally };
    }
    return { condition, ...f1Of(Object.values(sources)), sources };
  }

  function evaluateTalkOver(softerDb: number): number {
    const random = new Random(8);
    let tally: Tally = { steps: 0, right: 0 };
    for (const voice of speech) {
      for (let i = 0; i < STREAMS; i++) {
        const samples = speechStretch(voice, STREAM_SECONDS, random);
        mixUnder(samples, musicStretch(oneOf(music, random), STREAM_SECONDS, random), softerDb);
        transmit(samples, CONDITIONS['as recorded']!, random);
        tally = add(tally, count(classify(samples).slice(GRACE_SECONDS / STEP_SECONDS), 'speech'));
      }
    }
    return tally.right / tally.steps;
  }

  function evaluateChanges(from: Kind, to: Kind): DelayReport {
    const random = new Random(9);
    const kinds = { speech, music };
    const seconds: number[] = [];
    for (let i = 0; i < CHANGES; i++) {
      const sides = [from, to].map((kind) => {
        const samples = stretchOf(oneOf(kinds[kind], random), SIDE_SECONDS, random);
        transmit(samples, CONDITIONS['as recorded']!, random);
        return samples;
      });
      const joined = new Float32Array(sides[0]!.length + sides[1]!.length);
      joined.set(sides[0]!);
      joined.set(sides[1]!, sides[0]!.length);
      seconds.push(delayOf(classify(joined).slice(SIDE_SECONDS / STEP_SECONDS), to));
    }
    seconds.sort((a, b) => a - b); // Infinite where the change was missed.
    const at = (share: number) => seconds[Math.floor(share * CHANGES)]!;
    return {
      change: `${from} → ${to}`,
      count: CHANGES,
      median: at(0.5),
      p90: at(0.9),
      missed: seconds.filter((delay) => !Number.isFinite(delay)).length,
    };
  }

  function evaluateMusic(): ActivityReport['falseSpeech'] {
    const deam = material.find(({ name }) => name === DEAM);
    const clips = (deam ? plainMusic(deam) : []).map(({ samples }) => count(classify(samples), 'music'));
    const { steps, right } = clips.reduce(add, { steps: 0, right: 0 });
    return {
      clips: clips.length,
      steps,
      share: (steps - right) / steps,
      clipsWithAny: clips.filter((clip) => clip.right < clip.steps).length,
    };
  }
}

function activitiesOf(detector: ActivityDetector, samples: Float32Array, fft: FftPlans): Activity[] {
  const classifier = detector.createClassifier();
  return Array.from(windowsOf(samples, fft), (window) => classifier.classify(window));
}

function stretchOf(source: Material, seconds: number, random: Random): Float32Array {
  return source.kind === 'speech'
    ? speechStretch(source, seconds, random)
    : musicStretch(source, seconds, random);
}

function oneOf<T>(all: readonly T[], random: Random): T {
  return all[random.below(all.length)]!;
}

function count(activities: readonly Activity[], kind: Kind): Tally {
  const sounding = activities.filter((activity) => activity !== 'silence');
  return { steps: sounding.length, right: sounding.filter((activity) => activity === kind).length };
}

function add(a: Tally, b: Tally): Tally {
  return { steps: a.steps + b.steps, right: a.right + b.right };
}

/** F1 scores with equal weight for both kinds, whatever their number of sources. */
function f1Of(tallies: readonly (Tally & { kind: Kind })[]): { speechF1: number; musicF1: number } {
  const share = (kind: Kind) => {
    const { steps, right } = tallies.filter((one) => one.kind === kind).reduce(add, { steps: 0, right: 0 });
    return right / steps;
  };
  const [speech, music] = [share('speech'), share('music')];
  const wrong = 2 - speech - music;
  return { speechF1: (2 * speech) / (2 * speech + wrong), musicF1: (2 * music) / (2 * music + wrong) };
}

/** Seconds until `kind` is detected and holds, ignoring pauses; infinite if it never is. */
function delayOf(activities: readonly Activity[], kind: Kind): number {
  const hold = HOLD_SECONDS / STEP_SECONDS;
  const right = activities.map((activity) => activity === kind || activity === 'silence');
  const first = right.findIndex((_, i) => activities[i] === kind && right.slice(i, i + hold).every(Boolean));
  return first < 0 ? Number.POSITIVE_INFINITY : (first + 1) * STEP_SECONDS;
}
