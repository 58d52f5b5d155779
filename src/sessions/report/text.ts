import type { TimeRange } from '../../log/time-range.ts';
import { trackName } from '../../stream/track-title.ts';
import { NEAR_TARGET, type PlanePoint } from '../../target-path.ts';
import { spanText } from '../../util/duration.ts';
import { type Clock, duration, elapsed, percent, plain, signed } from './format.ts';
import type { ReportData, Section } from './report-data.ts';
import type { Summary } from './tally.ts';

/** A section with fewer seconds of music than this is described as having almost no music. */
const ENOUGH_SECONDS = 5;

/**
 * The report as plain text, to be pasted into a record. It describes the emotion that the music expresses and
 * how certain the prediction is, and never a person's state.
 */
export function reportText(data: ReportData, clock: Clock): string {
  return [
    ...heading(data, clock),
    '',
    ...overview(data, clock),
    '',
    ...sectionLines(data, clock),
    '',
    ...trackLines(data, clock),
    ...signatureLines(data, clock),
    ...method(data),
  ].join('\n');
}

function heading({ session, span }: ReportData, clock: Clock): string[] {
  const title = session.title === null || session.title === '' ? '' : ` (${session.title})`;
  const length = duration((span.toMs - span.fromMs) / 1000);
  const open = session.state === 'open' ? ', still open' : '';
  return [
    `Session ${session.id}${title}, stream ${session.stream}`,
    `${clock.span(span.fromMs, span.toMs)} (${clock.zone}), ${length}${open}`,
    ...(session.recordNumber ? [`Record number: ${session.recordNumber}`] : []),
    ...(session.tags.length > 0 ? [`Tags: ${session.tags.join(', ')}`] : []),
    ...clockNote(session),
  ];
}

/** A sentence if the computer's clock was set during the session; at most one. */
export function clockNote({ clockChanges }: ReportData['session']): string[] {
  const [first] = clockChanges;
  if (!first) return [];
  const by = (seconds: number) => `${seconds > 0 ? 'forward' : 'back'} by ${spanText(Math.abs(seconds))}`;
  const total = clockChanges.reduce((sum, { seconds }) => sum + seconds, 0);
  const what =
    clockChanges.length === 1
      ? `${by(first.seconds)} at ${elapsed(first.at)}`
      : `${clockChanges.length} times, ${by(total)} in all, first at ${elapsed(first.at)}`;
  return [
    `The computer’s clock was set during this session: ${what}. Lengths are not affected; times continue the clock of the start.`,
  ];
}

function overview(data: ReportData, clock: Clock): string[] {
  const { summary, longestSilence, longestGap } = data;
  const { music, speech, silence, moods } = summary;
  const received = music + speech + silence;
  if (received === 0) return ['No audio was received during this session.'];
  const lines = [
    `Received: music ${duration(music)} (${percent(music, received)}), speech ${duration(speech)}, silence ${duration(silence)}.`,
  ];
  if (music > 0) {
    const parts = moods.map(({ mood, seconds }) => `${mood} for ${percent(seconds, music)}`);
    if (parts.length > 0) lines.push(`Of the time with music, the mood word was ${parts.join(', ')}.`);
    lines.push(levels(summary));
    lines.push(...targetLines(data));
  }
  if (longestSilence) lines.push(`Longest silence: ${place(longestSilence, clock)}.`);
  if (longestGap) lines.push(`Longest gap without audio: ${place(longestGap, clock)}.`);
  return lines;
}

function place({ fromMs, toMs }: TimeRange, clock: Clock): string {
  return `${duration((toMs - fromMs) / 1000)}, from ${clock.time(fromMs)}`;
}

function levels({ valence, arousal, valenceSpread, arousalSpread }: Summary): string {
  return `Mean level of the music: valence ${signed(valence)} (varied by ${plain(valenceSpread)}), arousal ${signed(arousal)} (varied by ${plain(arousalSpread)}), each from −1 to +1.`;
}

function targetLines({ session, target }: ReportData): string[] {
  const [from, to] = [session.target?.[0], session.target?.at(-1)];
  if (target === null || from === undefined || to === undefined) return [];
  const place = ({ valence, arousal }: PlanePoint) =>
    `valence ${signed(valence)}, arousal ${signed(arousal)}`;
  return [
    `Target: from ${place(from)} at ${elapsed(from.t)} to ${place(to)} at ${elapsed(to.t)}. The music was ${plain(target.meanDistance)} from it on average, and within ${plain(NEAR_TARGET, 1)} for ${percent(target.near, 1)} of ${duration(target.seconds)} of music.`,
  ];
}

function sectionLines({ sections, markers, span, session }: ReportData, clock: Clock): string[] {
  const lines = sections.map((section) => {
    const note = markers[section.marker - 1]?.note.trim();
    const name =
      section.marker === 0
        ? 'Start'
        : `Marker ${section.marker}${note ? ` (${note.replace(/\s+/g, ' ')})` : ''}`;
    const at = elapsed((section.fromMs - span.fromMs) / 1000);
    return `${at} ${clock.time(section.fromMs)} ${name}: ${describe(section)}`;
  });
  const notes = session.notes.trim();
  return notes === '' ? lines : [...lines, '', `Notes: ${notes}`];
}

/** Who signed the session, and what was added since. */
function signatureLines({ session: { signed }, addenda }: ReportData, clock: Clock): string[] {
  if (signed === null) return [];
  const at = (time: string) => `${clock.date(Date.parse(time))}, ${clock.time(Date.parse(time))}`;
  return [
    ...addenda.map(({ time, name, text }) => `Addendum of ${at(time)}, ${name}: ${text}`),
    `Signed by ${signed.name}, ${at(signed.time)}; locked since.`,
    '',
  ];
}

function trackLines({ tracks, span }: ReportData, clock: Clock): string[] {
  if (tracks.length === 0) return [];
  const lines = tracks.map(({ fromMs, seconds, valence, arousal, endedAt, ...track }) => {
    const levels = valence === null ? '' : `, valence ${signed(valence)}, arousal ${signed(arousal)}`;
    const length = endedAt === null ? 'still playing' : duration(seconds);
    return `${elapsed((fromMs - span.fromMs) / 1000)} ${clock.time(fromMs)} ${trackName(track)}: ${length}${levels}.`;
  });
  return ['Tracks, as the station named them:', ...lines, ''];
}

/** What the music of one section expressed, in a sentence. */
function describe({ fromMs, toMs, summary }: Section): string {
  if (toMs <= fromMs) return 'no time passed before the next entry.';
  const length = duration((toMs - fromMs) / 1000);
  const { music, moods } = summary;
  if (music === 0 || music < Math.min(ENOUGH_SECONDS, (toMs - fromMs) / 2000))
    return `${length}, with hardly any music.`;
  const [most] = moods;
  const word =
    most &&
    `${most.seconds > music / 2 ? 'mostly' : 'most often'} ${most.mood} (${percent(most.seconds, music)} of the music), `;
  return `${length}; ${word ?? ''}valence ${signed(summary.valence)}, arousal ${signed(summary.arousal)}.`;
}

function method({ summary, models, sampleMs }: ReportData): string[] {
  const { valenceInterval, arousalInterval, moods } = summary;
  const model =
    models.length === 0 ? 'undertone' : models.map((name) => `undertone, model ${name}`).join('; ');
  const interval =
    valenceInterval === null
      ? ''
      : ` The 90 % interval of a single half second is ±${plain(valenceInterval)} in valence and ±${plain(arousalInterval)} in arousal, so a word beside the one given is often possible.`;
  const uncertain = moods.some(({ mood }) => mood === 'uncertain')
    ? ' Where the word is uncertain, the intervals were too wide for any word.'
    : '';
  const coarse =
    sampleMs === undefined
      ? ''
      : ` Computed from means of ${duration(sampleMs / 1000)} each, so short changes do not show.`;
  return [
    `Estimated by ${model}: the emotion that listeners on average would perceive in the music.${interval}${uncertain}${coarse} It says nothing about what anyone felt.`,
  ];
}
