import type { Clock } from '../../sessions/report/clock.ts';
import { figure, reportDocument } from '../../sessions/report/document.ts';
import { duration, percent } from '../../sessions/report/format.ts';
import { type Html, html } from '../../sessions/report/html.ts';
import { planeSvg } from '../../sessions/report/plane-svg.ts';
import type { ReportData } from '../../sessions/report/report-data.ts';
import { timelineSvg } from '../../sessions/report/timeline-svg.ts';
import type { Turn } from '../../strongest-turns.ts';
import type { EmotionBucket, StreamEvent } from '../../types.ts';
import { VERSION } from '../../util/package.ts';
import { alertWords } from './alert-words.ts';

export interface DailyContent {
  readonly stream: string;
  readonly data: ReportData;
  readonly hours: readonly EmotionBucket[];
  readonly turns: readonly Turn[];
  readonly alerts: readonly StreamEvent[];
  readonly clock: Clock;
}

/** One day of a stream as one HTML page for print. */
export function dailyPage({ stream, data, hours, turns, alerts, clock }: DailyContent): string {
  const { span, summary } = data;
  const { music, speech, silence, moods } = summary;
  const received = music + speech + silence;
  const { texts, signed, plain, mood } = clock.language;
  const { day } = texts;
  const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? html`<p class="hint">${day.nothing}</p>` : tableOf(head, rows);
  const title = `${stream}, ${clock.date(span.fromMs)}`;
  const main = html`<p class="when">${day.whole} <span class="what">(${clock.zone})</span></p>
<dl class="figures">
${figure(day.received, duration(received), day.ofDay(percent(received * 1000, span.toMs - span.fromMs)))}
${figure(texts.withMusic, percent(music, received), day.rest(percent(speech, received), percent(silence, received)))}
${figure(texts.meanValence, signed(summary.valence), texts.varied(plain(summary.valenceSpread)))}
${figure(texts.meanArousal, signed(summary.arousal), texts.varied(plain(summary.arousalSpread)))}
</dl>
<h2>${day.overDay}</h2>
<figure class="wide" tabindex="0" role="group" aria-label="${day.chart}">${timelineSvg(data, clock.language)}</figure>
<div class="two">
<section>
<h2>${texts.overPlane}</h2>
<figure>${planeSvg(data, clock.language)}</figure>
</section>
<section>
<h2>${texts.timeWithMoods}</h2>
${table(
  [day.mood, day.time, day.shareOfMusic],
  moods.map(({ mood: word, seconds }) => [mood(word), duration(seconds), percent(seconds, music)]),
)}
</section>
</div>
<h2>${day.byHour}</h2>
${table(
  [texts.at, texts.withMusic, texts.valence, texts.arousal, texts.mostOften],
  hours.map((hour) => [
    clock.time(Date.parse(hour.time)),
    percent(hour.music, 1),
    signed(hour.valence),
    signed(hour.arousal),
    mood(mostOf(hour)),
  ]),
)}
<h2>${day.turns}</h2>
${table(
  [day.time, texts.valence, texts.arousal, day.distance],
  turns.map(({ time, before, after, distance }) => [
    clock.time(Date.parse(time)),
    day.change(signed(before.valence), signed(after.valence)),
    day.change(signed(before.arousal), signed(after.arousal)),
    plain(distance),
  ]),
)}
${
  data.tracks.length > 0 &&
  html`<h2>${texts.tracks}</h2>
${table(
  [texts.at, day.title, day.artist, texts.valence, texts.arousal],
  data.tracks.map(({ fromMs, title, artist, valence, arousal }) => [
    clock.time(fromMs),
    title,
    artist ?? '–',
    signed(valence),
    signed(arousal),
  ]),
)}`
}
<h2>${day.alerts}</h2>
${table(
  [day.time, day.alert],
  alerts.map((alert) => [clock.time(Date.parse(alert.time)), alertWords(alert, clock.language)]),
)}`;
  const { sampleMs, madeAtMs } = data;
  const footer = html`<p>${texts.estimated(VERSION, [])} ${texts.caveat}</p>
${sampleMs !== undefined && html`<p>${texts.coarse(duration(sampleMs / 1000))}</p>`}
<p>${texts.made(clock.at(madeAtMs))}</p>`;
  return reportDocument({ language: clock.language, title, heading: title, main, footer });
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): Html {
  return html`<table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell) => html`<td class="note">${cell}</td>`)}</tr>`,
  )}</tbody></table>`;
}

function mostOf({ moods }: EmotionBucket): string {
  const [most] = Object.entries(moods).sort(([, a], [, b]) => b - a);
  return most?.[0] ?? '–';
}
