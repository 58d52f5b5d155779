import { type EmotionFrame, FORECAST_HORIZONS } from '../../types.ts';

/** A value of a frame: null if the frame does not have it. A forecast has two numbers, valence and arousal. */
export type SinkValue = number | string | readonly [valence: number, arousal: number] | null;

export interface ValueInfo {
  /** As it is written in configurations and addresses: `forecast/5`. */
  readonly name: string;
  /** The range of a number, which `to` is scaled from; undefined for words. */
  readonly range: readonly [low: number, high: number] | undefined;
  readonly unit?: string;
  readonly of: (frame: EmotionFrame) => SinkValue;
}

const AXIS = [-1, 1] as const;
const SHARE = [0, 1] as const;
/** Digital full scale is about 0 LUFS; music below -60 LUFS is barely audible. */
const LOUDNESS = [-60, 0] as const;

const forecastOf = (frame: EmotionFrame, horizon: number) =>
  frame.forecast.find((one) => one.horizon === horizon);

const FORECASTS = FORECAST_HORIZONS.flatMap((horizon): ValueInfo[] => [
  {
    name: `forecast/${horizon}`,
    range: AXIS,
    of: (frame) => {
      const forecast = forecastOf(frame, horizon);
      return forecast ? [forecast.valence, forecast.arousal] : null;
    },
  },
  ...(['valence', 'arousal'] as const).map((axis) => ({
    name: `forecast/${horizon}/${axis}`,
    range: AXIS,
    of: (frame: EmotionFrame) => forecastOf(frame, horizon)?.[axis] ?? null,
  })),
]);

/** Every value that a sink can send, by name. */
export const SINK_VALUES: ReadonlyMap<string, ValueInfo> = new Map(
  [
    { name: 'valence', range: AXIS, of: ({ valence }: EmotionFrame) => valence },
    { name: 'arousal', range: AXIS, of: ({ arousal }: EmotionFrame) => arousal },
    { name: 'mood', range: undefined, of: ({ mood }: EmotionFrame) => mood },
    { name: 'activity', range: undefined, of: ({ activity }: EmotionFrame) => activity },
    { name: 'loudness', range: LOUDNESS, unit: 'LUFS', of: ({ loudness }: EmotionFrame) => loudness },
    { name: 'confidence', range: SHARE, of: ({ confidence }: EmotionFrame) => confidence },
    { name: 'valenceSd', range: SHARE, of: ({ valenceSd }: EmotionFrame) => valenceSd },
    { name: 'arousalSd', range: SHARE, of: ({ arousalSd }: EmotionFrame) => arousalSd },
    ...FORECASTS,
  ].map((info) => [info.name, info]),
);

/** What a sink sends if its configuration has no list of values. */
export const DEFAULT_VALUES = ['valence', 'arousal', 'mood', 'activity', 'loudness', 'forecast/5'] as const;
