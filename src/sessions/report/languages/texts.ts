import type { Mood } from '../../../types.ts';
import type { TitleOrigin } from '../played-tracks.ts';

/** Every text of the reports. Values in functions are finished: numbers, lengths and times as the language writes them. */
export interface ReportTexts {
  readonly moods: Readonly<Record<Mood, string>>;
  readonly valence: string;
  readonly arousal: string;
  readonly perceived: string;
  readonly session: (id: string) => string;
  readonly stream: (name: string) => string;
  readonly sessionOnStream: (id: string, stream: string) => string;
  readonly stillOpen: string;
  /** From one time to another, as `20 November 2026, 20:15:03 to 21:02:13`. */
  readonly span: (from: string, to: string) => string;
  readonly days: (count: number) => string;
  readonly recordNumber: string;
  readonly tags: string;
  readonly clockForward: (by: string) => string;
  readonly clockBack: (by: string) => string;
  readonly clockOnce: (by: string, at: string) => string;
  readonly clockOften: (count: number, by: string, first: string) => string;
  readonly clockSet: (what: string) => string;
  readonly length: string;
  readonly withMusic: string;
  readonly ofReceived: string;
  readonly speech: string;
  readonly silence: string;
  readonly music: string;
  readonly meanValence: string;
  readonly meanArousal: string;
  readonly varied: (by: string) => string;
  readonly fromTarget: string;
  readonly nearTarget: (distance: string, share: string) => string;
  readonly longestSilence: string;
  readonly longestGap: string;
  readonly none: string;
  readonly from: (time: string) => string;
  readonly nothingReceivedFrom: (time: string) => string;
  readonly overTime: string;
  readonly chartOverTime: string;
  readonly timeline: string;
  readonly targetValence: string;
  readonly targetArousal: string;
  readonly bands: string;
  readonly nothingReceived: string;
  readonly overPlane: string;
  readonly plane: string;
  readonly startToEnd: string;
  readonly target: string;
  readonly timeWithMoods: string;
  readonly regions: (valence: string, arousal: string) => string;
  readonly uncertainHint: string;
  readonly betweenMarkers: string;
  readonly wholeSession: string;
  readonly tableOfSections: string;
  readonly at: string;
  readonly marker: string;
  readonly start: string;
  readonly mostOften: string;
  readonly meanLevelHint: string;
  readonly tracks: string;
  readonly tableOfTracks: string;
  readonly track: string;
  readonly playing: string;
  readonly tracksHint: Readonly<Record<TitleOrigin, string>>;
  /** What counts of a track that began before the session or went on after it. */
  readonly tracksWithin: string;
  readonly notes: string;
  readonly addenda: string;
  /** What stands before and after the name of the signer. */
  readonly signedBy: (time: string) => readonly [string, string];
  readonly textForRecords: string;
  readonly clickText: string;
  readonly estimated: (version: string, models: readonly string[]) => string;
  readonly caveat: string;
  readonly interval: (valence: string, arousal: string) => string;
  readonly coarse: (length: string) => string;
  readonly made: (time: string) => string;
  /** Of the report as text. */
  readonly plain: {
    readonly heading: (id: string, title: string, stream: string) => string;
    readonly label: (name: string, value: string) => string;
    readonly nothing: string;
    readonly received: (music: string, share: string, speech: string, silence: string) => string;
    readonly moodFor: (mood: string, share: string) => string;
    readonly moodWords: (list: string) => string;
    readonly levels: (valence: string, valenceBy: string, arousal: string, arousalBy: string) => string;
    readonly place: (valence: string, arousal: string) => string;
    readonly targetPath: (from: string, fromTime: string, to: string, toTime: string) => string;
    readonly targetShare: (mean: string, near: string, share: string, length: string) => string;
    readonly lengthFrom: (length: string, time: string) => string;
    readonly marker: (number: number) => string;
    readonly noTime: string;
    /** Hardly any audio was received. */
    readonly littleAudio: (length: string, received: string) => string;
    readonly hardlyAny: (length: string) => string;
    readonly mostly: (mood: string, share: string) => string;
    readonly most: (mood: string, share: string) => string;
    readonly addendum: (time: string, name: string, text: string) => string;
    readonly signed: (name: string, time: string) => string;
    readonly tracks: Readonly<Record<TitleOrigin, string>>;
    readonly stillPlaying: string;
    readonly by: (title: string, artist: string | null) => string;
    readonly method: (models: readonly string[]) => string;
    readonly interval: (valence: string, arousal: string) => string;
    readonly felt: string;
  };
  /** Of the report of a day. */
  readonly day: {
    readonly whole: string;
    readonly received: string;
    readonly ofDay: (share: string) => string;
    readonly rest: (speech: string, silence: string) => string;
    readonly overDay: string;
    readonly chart: string;
    readonly mood: string;
    readonly time: string;
    readonly shareOfMusic: string;
    readonly byHour: string;
    readonly turns: string;
    readonly distance: string;
    readonly change: (from: string, to: string) => string;
    readonly title: string;
    readonly artist: string;
    readonly alerts: string;
    readonly alert: string;
    /** What raised an alert; spans as `30 s`. */
    readonly over: (axis: string, level: string, span: string) => string;
    readonly under: (axis: string, level: string, span: string) => string;
    readonly changes: (axis: string, level: string, span: string) => string;
    readonly bothAxes: string;
    readonly silenceFor: (span: string) => string;
    readonly speechFor: (span: string) => string;
    readonly sourceLost: string;
    readonly nothing: string;
  };
}
