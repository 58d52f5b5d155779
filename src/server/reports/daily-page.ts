import type { Clock } from '../../sessions/report/format.ts';
import { duration, percent, plain, signed } from '../../sessions/report/format.ts';
import { type Html, html } from '../../sessions/report/html.ts';
import { REPORT_CSP } from '../../sessions/report/page.ts';
import { planeSvg } from '../../sessions/report/plane-svg.ts';
import type { ReportData } from '../../sessions/report/report-data.ts';
import { STYLE } from '../../sessions/report/style.ts';
import { timelineSvg } from '../../sessions/report/timeline-svg.ts';
import type { Turn } from '../../strongest-turns.ts';
import type { EmotionBucket, StreamEvent } from '../../types.ts';
import { VERSION } from '../../util/package.ts';

export interface DailyContent {
  readonly stream: string;
  readonly data: ReportData;
  readonly hours: readonly EmotionBucket[];
  readonly turns: readonly Turn[];
  readonly alerts: readonly StreamEvent[];
  readonly clock: Clock;
}

/** One day of a stream as one HTML page for print: no script, nothing to load. */
export function dailyPage({ stream, data, hours, turns, alerts, clock }: DailyContent): string {
  const { span, summary } = data;
  const { music, speech, silence, moods } = summary;
  const received = music + speech + silence;
  const day = clock.date(span.fromMs);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${REPORT_CSP}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${stream}, ${day}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<header>
<h1>${stream}, ${day}</h1>
<p class="what">Perceived emotion of the music</p>
</header>
<main>
<p class="when">The whole day <span class="what">(${clock.zone})</span></p>
<dl class="figures">
${figure('Received', duration(received), `${percent(received * 1000, span.toMs - span.fromMs)} of the day`)}
${figure('Music', percent(music, received), `speech ${percent(speech, received)}, silence ${percent(silence, received)}`)}
${figure('Mean valence', signed(summary.valence), `varied by ${plain(summary.valenceSpread)}`)}
${figure('Mean arousal', signed(summary.arousal), `varied by ${plain(summary.arousalSpread)}`)}
</dl>
<h2>Over the day</h2>
<figure class="wide" tabindex="0" role="group" aria-label="Chart over the day">${timelineSvg(data)}</figure>
<div class="two">
<section>
<h2>Over the plane</h2>
<figure>${planeSvg(data)}</figure>
</section>
<section>
<h2>Time with each mood word</h2>
${table(
  ['Mood', 'Time', 'Share of the music'],
  moods.map(({ mood, seconds }) => [mood, duration(seconds), percent(seconds, music)]),
)}
</section>
</div>
<h2>By hour</h2>
${table(
  ['From', 'Music', 'Valence', 'Arousal', 'Most often'],
  hours.map((hour) => [
    clock.time(Date.parse(hour.time)),
    percent(hour.music, 1),
    signed(hour.valence),
    signed(hour.arousal),
    mostOf(hour),
  ]),
)}
<h2>Strongest turns</h2>
${table(
  ['At', 'Valence', 'Arousal', 'Distance'],
  turns.map(({ time, before, after, distance }) => [
    clock.time(Date.parse(time)),
    `${signed(before.valence)} to ${signed(after.valence)}`,
    `${signed(before.arousal)} to ${signed(after.arousal)}`,
    plain(distance),
  ]),
)}
${
  data.tracks.length > 0 &&
  html`<h2>Tracks</h2>
${table(
  ['From', 'Title', 'Artist', 'Valence', 'Arousal'],
  data.tracks.map(({ fromMs, title, artist, valence, arousal }) => [
    clock.time(fromMs),
    title,
    artist ?? '–',
    signed(valence),
    signed(arousal),
  ]),
)}`
}
<h2>Alerts</h2>
${table(
  ['At', 'Alert'],
  alerts.map(({ time, message }) => [clock.time(Date.parse(time)), message]),
)}
</main>
<footer>
<p>Estimated by undertone ${VERSION}. It predicts the emotion that listeners on average would perceive in the music; it says nothing about what anyone felt, and must not be used to assess a person.</p>
${data.sampleMs !== undefined && html`<p>Computed from means of ${duration(data.sampleMs / 1000)} each, so short changes do not show.</p>`}
<p>No audio was stored. Made ${clock.date(data.madeAtMs)}, ${clock.time(data.madeAtMs)}.</p>
</footer>
</body>
</html>
`;
  return page.html;
}

const figure = (name: string, value: string, note: string): Html =>
  html`<div><dt>${name}</dt><dd>${value}<small>${note}</small></dd></div>`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): Html {
  if (rows.length === 0) return html`<p class="hint">None.</p>`;
  return html`<table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell) => html`<td class="note">${cell}</td>`)}</tr>`,
  )}</tbody></table>`;
}

function mostOf({ moods }: EmotionBucket): string {
  const [most] = Object.entries(moods).sort(([, a], [, b]) => b - a);
  return most?.[0] ?? '–';
}
