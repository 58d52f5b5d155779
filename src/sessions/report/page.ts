import { createHash } from 'node:crypto';
import { NEAR_TARGET } from '../../target-path.ts';
import { VERSION } from '../../util/package.ts';
import { diamond } from './diamond.ts';
import { type Clock, duration, elapsed, percent, plain, signed } from './format.ts';
import { type Html, html } from './html.ts';
import { planeSvg, timeColor } from './plane-svg.ts';
import type { PlayedTrack, ReportData, Section } from './report-data.ts';
import { STYLE } from './style.ts';
import { clockNote, reportText } from './text.ts';
import { timelineSvg } from './timeline-svg.ts';

/** The page is self-contained and may load nothing. It carries the policy itself too, for when it is saved to a file. */
export const REPORT_CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** The report as one HTML page for print: no script, nothing to load. */
export function reportPage(data: ReportData, clock: Clock, letterhead: readonly string[] = []): string {
  const { session, span } = data;
  const title = session.title === null || session.title === '' ? null : session.title;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${REPORT_CSP}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${session.id}${title && ` – ${title}`}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<header>
${letterhead.length > 0 && html`<p class="letterhead"><b>${letterhead[0]}</b>${letterhead.slice(1).join('\n')}</p>`}
<h1>${title ?? `Session ${session.id}`}</h1>
<p class="what">Perceived emotion of the music</p>
</header>
<main>
<p class="when">${clock.span(span.fromMs, span.toMs)} <span class="what">(${clock.zone})</span>${session.state === 'open' && ', still open'}</p>
<p class="what">${title && `Session ${session.id}, `}${title ? 'stream' : 'Stream'} ${session.stream}</p>
${session.recordNumber !== null && session.recordNumber !== '' && html`<p>Record number <b>${session.recordNumber}</b></p>`}
${clockNote(session).map((note) => html`<p class="what">${note}</p>`)}
${session.tags.length > 0 && html`<p class="tags">${session.tags.map((tag) => html`<span>${tag}</span>`)}</p>`}
${figures(data, clock)}
<h2>Over time</h2>
<figure class="wide" tabindex="0" role="group" aria-label="Chart over time">${timelineSvg(data)}</figure>
${timelineLegend(data)}
<div class="two">
<section>
<h2>Over the plane</h2>
<figure>${planeSvg(data)}</figure>
<p class="key"><span>${colorRamp()}from start to end</span>${session.target && html`<span>${targetKey('')}target</span>`}</p>
</section>
<section>
<h2>Time with each mood word</h2>
${moodTable(data)}
${moodHints(data)}
</section>
</div>
<h2>${data.markers.length > 0 ? 'Between the markers' : 'Whole session'}</h2>
${sectionTable(data, clock)}
${data.tracks.length > 0 && html`<h2>Tracks</h2>${trackTable(data, clock)}`}
${session.notes.trim() !== '' && html`<h2>Notes</h2><p class="notes">${session.notes.trim()}</p>`}
${signature(data, clock)}
<h2>Text for your records</h2>
<p class="hint screen-only">Click the text to select all of it.</p>
<pre>${reportText(data, clock)}</pre>
</main>
${footer(data, clock)}
</body>
</html>
`;
  return page.html;
}

/** Who signed the session, and what was added since. */
function signature({ session: { signed }, addenda }: ReportData, clock: Clock): Html | false {
  if (signed === null) return false;
  const at = (time: string) => `${clock.date(Date.parse(time))}, ${clock.time(Date.parse(time))}`;
  return html`${addenda.length > 0 && html`<h2>Addenda</h2>${addenda.map(({ time, name, text }) => html`<p class="notes"><b>${at(time)}, ${name}:</b> ${text}</p>`)}`}
<p class="signed">Signed by <b>${signed.name}</b>, ${at(signed.time)}. Title, tags, notes and markers have been locked since.</p>`;
}

function figures({ summary, span, target, longestSilence, longestGap }: ReportData, clock: Clock): Html {
  const { music, speech, silence } = summary;
  const figure = (name: string, value: string, note: string | null = null) =>
    html`<div><dt>${name}</dt><dd>${value}${note && html`<small>${note}</small>`}</dd></div>`;
  const length = (stretch: { fromMs: number; toMs: number }) =>
    duration((stretch.toMs - stretch.fromMs) / 1000);
  return html`<dl class="figures">
${figure('Length', length(span))}
${figure('With music', percent(music, music + speech + silence), speech > 0 ? `speech ${duration(speech)}` : null)}
${figure('Mean valence', signed(summary.valence), summary.valenceSpread === null ? null : `varied by ${plain(summary.valenceSpread)}`)}
${figure('Mean arousal', signed(summary.arousal), summary.arousalSpread === null ? null : `varied by ${plain(summary.arousalSpread)}`)}
${target && figure('From the target', plain(target.meanDistance), `on average; within ${plain(NEAR_TARGET, 1)} for ${percent(target.near, 1)}`)}
${figure('Longest silence', longestSilence ? length(longestSilence) : 'none', longestSilence && `from ${clock.time(longestSilence.fromMs)}`)}
${longestGap && figure('Longest gap', length(longestGap), `nothing received from ${clock.time(longestGap.fromMs)}`)}
</dl>`;
}

function timelineLegend({ bins, summary, session }: ReportData): Html {
  const line = (name: string) =>
    html`<svg viewBox="0 0 28 12" aria-hidden="true"><path class="line ${name.toLowerCase()}" d="M0 6H28"/></svg>${name}`;
  const box = (name: string, words: string) =>
    html`<span><svg viewBox="0 0 28 12" aria-hidden="true"><rect class="${name}" x=".5" y=".5" width="27" height="11"/></svg>${words}</span>`;
  const some = (activity: string | undefined) => bins.some((bin) => bin.activity === activity);
  return html`<p class="key"><span>${line('Valence')}</span><span>${line('Arousal')}</span>${session.target && html`<span>${targetKey('valence')}target valence</span><span>${targetKey('arousal')}target arousal</span>`}${summary.valenceInterval !== null && html`<span>Bands: 90 % intervals</span>`}${some('silence') && box('silence', 'silence')}${some('speech') && box('speech', 'speech')}${some(undefined) && box('no-audio', 'nothing received')}</p>`;
}

const targetKey = (axis: string): Html =>
  html`<svg viewBox="0 0 28 12" aria-hidden="true"><path class="target ${axis}" d="M1 6H27"/>${diamond(14, 6, 4, axis)}</svg>`;

function colorRamp(): Html {
  const parts = Array.from({ length: 7 }, (_, i) => i / 6);
  return html`<svg viewBox="0 0 28 12" aria-hidden="true">${parts.map((at, i) => html`<rect x="${i * 4}" y="3" width="4.2" height="6" fill="${timeColor(at)}"/>`)}</svg>`;
}

function moodTable({ summary: { music, moods } }: ReportData): Html {
  return html`<table><tbody>${moods.map(({ mood, seconds }) => {
    const share = music > 0 ? seconds / music : 0;
    return html`<tr><td>${mood}</td><td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${(100 * share).toFixed(2)}" height="10"/></svg></td><td class="number">${percent(seconds, music)}<br><small>${duration(seconds)}</small></td></tr>`;
  })}</tbody></table>`;
}

function moodHints({ summary }: ReportData): Html {
  const { moods, valenceInterval, arousalInterval } = summary;
  return html`${
    valenceInterval !== null &&
    html`<p class="hint">The words name regions of the plane. With 90 % intervals of ±${plain(valenceInterval)} in valence and ±${plain(arousalInterval)} in arousal, a word beside the one given is often possible.</p>`
  }${
    moods.some(({ mood }) => mood === 'uncertain') &&
    html`<p class="hint">Where the word is uncertain, the intervals were too wide for any word.</p>`
  }`;
}

function sectionTable({ sections, markers, span }: ReportData, clock: Clock): Html {
  const row = ({ fromMs, toMs, summary, marker }: Section) => {
    const { music, speech, silence, moods } = summary;
    const [most] = moods;
    const level = (mean: number | null, spread: number | null) =>
      html`${signed(mean)}${spread !== null && html` <small>± ${plain(spread)}</small>`}`;
    return html`<tr><td class="number">${elapsed((fromMs - span.fromMs) / 1000)}<br><small>${clock.time(fromMs)}</small></td><td class="note">${marker === 0 ? 'Start' : html`<b>${marker}</b> ${markers[marker - 1]?.note}`}</td><td class="number">${duration((toMs - fromMs) / 1000)}<br><small>music ${percent(music, music + speech + silence)}</small></td><td class="number">${level(summary.valence, summary.valenceSpread)}</td><td class="number">${level(summary.arousal, summary.arousalSpread)}</td><td class="most">${most && html`${most.mood} <small>${percent(most.seconds, music)}</small>`}</td></tr>`;
  };
  return html`<div class="wide" tabindex="0" role="group" aria-label="Table of the sections"><table><thead><tr><th class="number">From</th><th>Marker</th><th class="number">Length</th><th class="number">Valence</th><th class="number">Arousal</th><th>Most often</th></tr></thead><tbody>${sections.map(row)}</tbody></table></div>
<p class="hint">Mean level from −1 to +1, ± its standard deviation over time: how much it varied.</p>`;
}

function trackTable({ tracks, span }: ReportData, clock: Clock): Html {
  const row = ({ fromMs, title, artist, seconds, endedAt, valence, arousal }: PlayedTrack) =>
    html`<tr><td class="number">${elapsed((fromMs - span.fromMs) / 1000)}<br><small>${clock.time(fromMs)}</small></td><td class="note">${title}${artist !== null && html`<br><small>${artist}</small>`}</td><td class="number">${endedAt === null ? 'playing' : duration(seconds)}</td><td class="number">${signed(valence)}</td><td class="number">${signed(arousal)}</td></tr>`;
  return html`<div class="wide" tabindex="0" role="group" aria-label="Table of the tracks"><table><thead><tr><th class="number">From</th><th>Track</th><th class="number">Length</th><th class="number">Valence</th><th class="number">Arousal</th></tr></thead><tbody>${tracks.map(row)}</tbody></table></div>
<p class="hint">Titles and times as the station sent them.</p>`;
}

function footer({ models, summary, sampleMs, madeAtMs }: ReportData, clock: Clock): Html {
  const { valenceInterval, arousalInterval } = summary;
  return html`<footer>
<p>Estimated by undertone ${VERSION}${models.length > 0 && `, model ${models.join(' and ')}`}. It predicts the emotion that listeners on average would perceive in the music. It was trained on such listeners’ ratings, and shares their biases and the limits of the music they rated. It says nothing about what anyone felt, and must not be used to assess a person.</p>
${
  valenceInterval !== null &&
  html`<p>The model’s own 90 % interval for a single half second is ±${plain(valenceInterval)} in valence and ±${plain(arousalInterval)} in arousal. Differences within a piece are less certain than differences between pieces, and strong emotions are predicted too close to the center.</p>`
}
${sampleMs !== undefined && html`<p>Computed from means of ${duration(sampleMs / 1000)} each, so short changes do not show.</p>`}
<p>No audio was stored. Made ${clock.date(madeAtMs)}, ${clock.time(madeAtMs)}.</p>
</footer>`;
}
