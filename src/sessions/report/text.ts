import {
  type Clock,
  duration,
  elapsed,
  percent,
  plain,
  QUADRANT_ORDER,
  QUADRANTS,
  signed,
} from './format.ts';
import type { ReportData, Section } from './report-data.ts';
import type { Summary } from './tally.ts';

/** Less of a section than this is said to hold too little music to be described, in seconds. */
const ENOUGH_SECONDS = 5;

/**
 * The report as plain text, to be pasted into a record. It says what the music expressed and how sure that
 * is, and nothing of any person.
 */
export function reportText(data: ReportData, clock: Clock): string {
  return [
    ...head(data, clock),
    '',
    ...whole(data, clock),
    '',
    ...sections(data, clock),
    '',
    ...basis(data),
  ].join('\n');
}

function head({ session, span }: ReportData, clock: Clock): string[] {
  const title = session.title === null || session.title === '' ? '' : ` (${session.title})`;
  const length = duration((span.toMs - span.fromMs) / 1000);
  const open = session.state === 'open' ? ', still going on' : '';
  return [
    `Session ${session.id}${title}, stream ${session.stream}`,
    `${clock.span(span.fromMs, span.toMs)} (${clock.zone}), ${length}${open}`,
    ...(session.tags.length > 0 ? [`Tags: ${session.tags.join(', ')}`] : []),
  ];
}

function whole({ summary, longestSilence, longestGap }: ReportData, clock: Clock): string[] {
  const { music, speech, silence, quadrants } = summary;
  const heard = music + speech + silence;
  if (heard === 0) return ['The stream was not heard during this session.'];
  const lines = [
    `Heard: music ${duration(music)} (${percent(music, heard)}), speech ${duration(speech)}, silence ${duration(silence)}.`,
  ];
  if (music > 0) {
    const parts = QUADRANT_ORDER.filter((quadrant) => quadrants[quadrant] > 0)
      .toSorted((a, b) => quadrants[b] - quadrants[a])
      .map((quadrant) => `${QUADRANTS[quadrant].words} ${percent(quadrants[quadrant], music)}`);
    lines.push(`Of the time with music, the music expressed ${parts.join(', ')}.`, levels(summary));
  }
  if (longestSilence) lines.push(`Longest silence: ${stretch(longestSilence, clock)}.`);
  if (longestGap) lines.push(`Longest time in which nothing was received: ${stretch(longestGap, clock)}.`);
  return lines;
}

function stretch({ fromMs, toMs }: { fromMs: number; toMs: number }, clock: Clock): string {
  return `${duration((toMs - fromMs) / 1000)}, from ${clock.time(fromMs)}`;
}

function levels({ valence, arousal, valenceSpread, arousalSpread }: Summary): string {
  return `Mean level of the music: valence ${signed(valence)} (varied by ${plain(valenceSpread)}), arousal ${signed(arousal)} (varied by ${plain(arousalSpread)}), each from −1 to +1.`;
}

function sections({ sections, markers, span, session }: ReportData, clock: Clock): string[] {
  const lines = sections.map((section) => {
    const note = markers[section.marker - 1]?.note.trim();
    const name =
      section.marker === 0
        ? 'Start'
        : `Marker ${section.marker}${note ? ` (${note.replace(/\s+/g, ' ')})` : ''}`;
    const at = elapsed((section.fromMs - span.fromMs) / 1000);
    return `${at} ${clock.time(section.fromMs)} ${name}: ${described(section)}`;
  });
  const notes = session.notes.trim();
  return notes === '' ? lines : [...lines, '', `Notes: ${notes}`];
}

/** What the music of one section expressed, in a sentence. */
export function described({ fromMs, toMs, summary }: Section): string {
  if (toMs <= fromMs) return 'no time passed until what comes next.';
  const length = duration((toMs - fromMs) / 1000);
  const { music, quadrants } = summary;
  if (music === 0 || music < Math.min(ENOUGH_SECONDS, (toMs - fromMs) / 2000))
    return `${length}, with hardly any music.`;
  const most = QUADRANT_ORDER.reduce((best, one) => (quadrants[one] > quadrants[best] ? one : best));
  return `${length}; the music expressed ${quadrants[most] > music / 2 ? 'mostly' : 'most often'} ${QUADRANTS[most].words} (${percent(quadrants[most], music)} of it), valence ${signed(summary.valence)}, arousal ${signed(summary.arousal)}.`;
}

function basis({ summary, models, sampleMs }: ReportData): string[] {
  const { valenceInterval, arousalInterval, sure, music } = summary;
  const model =
    models.length === 0 ? 'undertone' : models.map((name) => `undertone, model ${name}`).join('; ');
  const interval =
    valenceInterval === null
      ? ''
      : ` A single half second is known to ±${plain(valenceInterval)} in valence and ±${plain(arousalInterval)} in arousal (90 % interval); the quadrant is sure for ${percent(sure ?? 0, music)} of the music.`;
  const coarse =
    sampleMs === undefined
      ? ''
      : ` Computed from means of ${duration(sampleMs / 1000)} each, so that short changes do not show.`;
  return [
    `Estimated by ${model}: the emotion that listeners on average would perceive in the music.${interval}${coarse} It says nothing about what anyone felt.`,
  ];
}
