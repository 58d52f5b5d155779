import type { TimeRange } from '../../log/time-range.ts';
import { NEAR_TARGET, type PlanePoint } from '../../target-path.ts';
import { spanText } from '../../util/duration.ts';
import type { Clock } from './clock.ts';
import { duration, elapsed, percent } from './format.ts';
import type { ReportLanguage } from './languages/report-language.ts';
import { titleOrigin } from './played-tracks.ts';
import type { ReportData, Section } from './report-data.ts';
import type { Summary } from './tally.ts';

/** Seconds of audio, or of music, that always suffice to describe a section. */
const ENOUGH_SECONDS = 5;
/** A shorter section is described if it has this share: of its time with audio, of that audio music. */
const ENOUGH_AUDIO = 0.5;
const ENOUGH_MUSIC = 0.25;

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
    method(data, clock.language),
  ].join('\n');
}

function heading({ session, span }: ReportData, clock: Clock): string[] {
  const { texts } = clock.language;
  const { heading, label } = texts.plain;
  const length = duration((span.toMs - span.fromMs) / 1000);
  const open = session.state === 'open' ? texts.stillOpen : '';
  return [
    heading(session.id, session.title ?? '', session.stream),
    `${clock.span(span.fromMs, span.toMs)} (${clock.zone}), ${length}${open}`,
    ...(session.recordNumber ? [label(texts.recordNumber, session.recordNumber)] : []),
    ...(session.tags.length > 0 ? [label(texts.tags, session.tags.join(', '))] : []),
    ...clockNote(session, clock.language),
  ];
}

/** A sentence if the computer's clock was set during the session; at most one. */
export function clockNote(
  { clockChanges }: ReportData['session'],
  { texts }: Pick<ReportLanguage, 'texts'>,
): string[] {
  const [first] = clockChanges;
  if (!first) return [];
  const by = (seconds: number) =>
    (seconds > 0 ? texts.clockForward : texts.clockBack)(spanText(Math.abs(seconds), texts.days));
  const total = clockChanges.reduce((sum, { seconds }) => sum + seconds, 0);
  const what =
    clockChanges.length === 1
      ? texts.clockOnce(by(first.seconds), elapsed(first.at))
      : texts.clockOften(clockChanges.length, by(total), elapsed(first.at));
  return [texts.clockSet(what)];
}

function overview(data: ReportData, clock: Clock): string[] {
  const { summary, longestSilence, longestGap } = data;
  const { music, speech, silence, moods } = summary;
  const { texts, mood } = clock.language;
  const { plain: words } = texts;
  const received = music + speech + silence;
  if (received === 0) return [words.nothing];
  const lines = [
    words.received(duration(music), percent(music, received), duration(speech), duration(silence)),
  ];
  if (music > 0) {
    const parts = moods.map((one) => words.moodFor(mood(one.mood), percent(one.seconds, music)));
    if (parts.length > 0) lines.push(words.moodWords(parts.join(', ')));
    lines.push(levels(summary, clock.language));
    lines.push(...targetLines(data, clock.language));
  }
  const place = ({ fromMs, toMs }: TimeRange) =>
    words.lengthFrom(duration((toMs - fromMs) / 1000), clock.time(fromMs));
  if (longestSilence) lines.push(`${words.label(texts.longestSilence, place(longestSilence))}.`);
  if (longestGap) lines.push(`${words.label(texts.longestGap, place(longestGap))}.`);
  return lines;
}

function levels(
  { valence, arousal, valenceSpread, arousalSpread }: Summary,
  { texts, signed, plain }: ReportLanguage,
): string {
  return texts.plain.levels(signed(valence), plain(valenceSpread), signed(arousal), plain(arousalSpread));
}

function targetLines({ session, target }: ReportData, { texts, signed, plain }: ReportLanguage): string[] {
  const [from, to] = [session.target?.[0], session.target?.at(-1)];
  if (target === null || from === undefined || to === undefined) return [];
  const { plain: words } = texts;
  const place = ({ valence, arousal }: PlanePoint) => words.place(signed(valence), signed(arousal));
  const share = percent(target.near, 1);
  return [
    `${words.targetPath(place(from), elapsed(from.t), place(to), elapsed(to.t))} ${words.targetShare(plain(target.meanDistance), plain(NEAR_TARGET, 1), share, duration(target.seconds))}`,
  ];
}

function sectionLines({ sections, markers, span, session }: ReportData, clock: Clock): string[] {
  const { texts } = clock.language;
  const lines = sections.map((section) => {
    const note = markers[section.marker - 1]?.note.trim();
    const name =
      section.marker === 0
        ? texts.start
        : `${texts.plain.marker(section.marker)}${note ? ` (${note.replace(/\s+/g, ' ')})` : ''}`;
    const at = `${elapsed((section.fromMs - span.fromMs) / 1000)} ${clock.time(section.fromMs)}`;
    return `${at} ${texts.plain.label(name, describe(section, clock.language))}`;
  });
  const notes = session.notes.trim();
  return notes === '' ? lines : [...lines, '', texts.plain.label(texts.notes, notes)];
}

/** Who signed the session, and what was added since. */
function signatureLines({ session: { signed }, addenda }: ReportData, clock: Clock): string[] {
  if (signed === null) return [];
  const { plain: words } = clock.language.texts;
  const at = (time: string) => clock.at(Date.parse(time));
  return [
    ...addenda.map(({ time, name, text }) => words.addendum(at(time), name, text)),
    words.signed(signed.name, at(signed.time)),
    '',
  ];
}

function trackLines({ tracks, span }: ReportData, clock: Clock): string[] {
  if (tracks.length === 0) return [];
  const { texts, signed } = clock.language;
  const { plain: words } = texts;
  const lines = tracks.map(({ fromMs, toMs, valence, arousal, playing, title, artist }) => {
    const levels = valence === null ? '' : `, ${words.place(signed(valence), signed(arousal))}`;
    const length = playing ? words.stillPlaying : duration((toMs - fromMs) / 1000);
    const at = `${elapsed((fromMs - span.fromMs) / 1000)} ${clock.time(fromMs)}`;
    return `${at} ${words.label(words.by(title, artist), `${length}${levels}.`)}`;
  });
  return [words.tracks[titleOrigin(tracks)], ...lines, ''];
}

/** What the music of one section expressed, in a sentence. */
function describe({ fromMs, toMs, summary }: Section, { texts, signed, mood }: ReportLanguage): string {
  const { plain: words } = texts;
  if (toMs <= fromMs) return words.noTime;
  const seconds = (toMs - fromMs) / 1000;
  const length = duration(seconds);
  const { music, speech, silence, moods } = summary;
  const received = music + speech + silence;
  if (received === 0 || received < Math.min(ENOUGH_SECONDS, seconds * ENOUGH_AUDIO))
    return words.littleAudio(length, duration(received));
  if (music === 0 || music < Math.min(ENOUGH_SECONDS, received * ENOUGH_MUSIC))
    return words.hardlyAny(length);
  const [most] = moods;
  const word =
    most &&
    (most.seconds > music / 2 ? words.mostly : words.most)(mood(most.mood), percent(most.seconds, music));
  const levels = words.place(signed(summary.valence), signed(summary.arousal));
  return `${length}; ${word ? `${word}, ` : ''}${levels}.`;
}

function method({ summary, models, sampleMs }: ReportData, { texts, plain }: ReportLanguage): string {
  const { valenceInterval, arousalInterval, moods } = summary;
  return [
    texts.plain.method(models),
    valenceInterval !== null && texts.plain.interval(plain(valenceInterval), plain(arousalInterval)),
    moods.some(({ mood }) => mood === 'uncertain') && texts.uncertainHint,
    sampleMs !== undefined && texts.coarse(duration(sampleMs / 1000)),
    texts.plain.felt,
  ]
    .filter((sentence) => sentence !== false)
    .join(' ');
}
