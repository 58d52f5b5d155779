import { NEAR_TARGET } from '../../target-path.ts';
import type { Axis } from '../../types.ts';
import { VERSION } from '../../util/package.ts';
import type { Clock } from './clock.ts';
import { diamond } from './diamond.ts';
import { figure, reportDocument } from './document.ts';
import { duration, elapsed, percent } from './format.ts';
import { type Html, html } from './html.ts';
import type { ReportLanguage } from './languages/report-language.ts';
import type { ReportTexts } from './languages/texts.ts';
import { planeSvg, timeColor } from './plane-svg.ts';
import { type PlayedTrack, titleOrigin } from './played-tracks.ts';
import type { ReportData, Section } from './report-data.ts';
import { clockNote, reportText } from './text.ts';
import { timelineSvg } from './timeline-svg.ts';

/** The report as one HTML page for print: no script, nothing to load. */
export function reportPage(data: ReportData, clock: Clock, letterhead: readonly string[] = []): string {
  const { session, span } = data;
  const title = session.title === null || session.title === '' ? null : session.title;
  const { texts } = clock.language;
  const main = html`<p class="when">${clock.span(span.fromMs, span.toMs)} <span class="what">(${clock.zone})</span>${session.state === 'open' && texts.stillOpen}</p>
<p class="what">${title ? texts.sessionOnStream(session.id, session.stream) : texts.stream(session.stream)}</p>
${session.recordNumber !== null && session.recordNumber !== '' && html`<p>${texts.recordNumber} <b>${session.recordNumber}</b></p>`}
${clockNote(session, clock.language).map((note) => html`<p class="what">${note}</p>`)}
${session.tags.length > 0 && html`<p class="tags">${session.tags.map((tag) => html`<span>${tag}</span>`)}</p>`}
${figures(data, clock)}
<h2>${texts.overTime}</h2>
<figure class="wide" tabindex="0" role="group" aria-label="${texts.chartOverTime}">${timelineSvg(data, clock.language)}</figure>
${timelineLegend(data, texts)}
<div class="two">
<section>
<h2>${texts.overPlane}</h2>
<figure>${planeSvg(data, clock.language)}</figure>
<p class="key"><span>${colorRamp()}${texts.startToEnd}</span>${session.target && html`<span>${targetKey('')}${texts.target}</span>`}</p>
</section>
<section>
<h2>${texts.timeWithMoods}</h2>
${moodTable(data, clock.language)}
${moodHints(data, clock.language)}
</section>
</div>
<h2>${data.markers.length > 0 ? texts.betweenMarkers : texts.wholeSession}</h2>
${sectionTable(data, clock)}
${data.tracks.length > 0 && html`<h2>${texts.tracks}</h2>${trackTable(data, clock)}`}
${session.notes.trim() !== '' && html`<h2>${texts.notes}</h2><p class="notes">${session.notes.trim()}</p>`}
${signature(data, clock)}
<h2>${texts.textForRecords}</h2>
<p class="hint screen-only">${texts.clickText}</p>
<pre>${reportText(data, clock)}</pre>`;
  return reportDocument({
    language: clock.language,
    title: `${session.id}${title === null ? '' : ` – ${title}`}`,
    heading: title ?? texts.session(session.id),
    letterhead,
    main,
    footer: footer(data, clock),
  });
}

/** Who signed the session, and what was added since. */
function signature({ session: { signed }, addenda }: ReportData, clock: Clock): Html | false {
  if (signed === null) return false;
  const { texts } = clock.language;
  const at = (time: string) => clock.at(Date.parse(time));
  const [before, after] = texts.signedBy(at(signed.time));
  return html`${addenda.length > 0 && html`<h2>${texts.addenda}</h2>${addenda.map(({ time, name, text }) => html`<p class="notes"><b>${at(time)}, ${name}:</b> ${text}</p>`)}`}
<p class="signed">${before}<b>${signed.name}</b>${after}</p>`;
}

function figures({ summary, span, target, longestSilence, longestGap }: ReportData, clock: Clock): Html {
  const { music, speech, silence } = summary;
  const { texts, signed, plain } = clock.language;
  const length = (stretch: { fromMs: number; toMs: number }) =>
    duration((stretch.toMs - stretch.fromMs) / 1000);
  const received = [
    longestGap && texts.ofReceived,
    speech > 0 && `${texts.speech} ${duration(speech)}`,
  ].filter(Boolean);
  const varied = (by: number | null) => (by === null ? null : texts.varied(plain(by)));
  return html`<dl class="figures">
${figure(texts.length, length(span))}
${figure(texts.withMusic, percent(music, music + speech + silence), received.join('; '))}
${figure(texts.meanValence, signed(summary.valence), varied(summary.valenceSpread))}
${figure(texts.meanArousal, signed(summary.arousal), varied(summary.arousalSpread))}
${target && figure(texts.fromTarget, plain(target.meanDistance), texts.nearTarget(plain(NEAR_TARGET, 1), percent(target.near, 1)))}
${figure(texts.longestSilence, longestSilence ? length(longestSilence) : texts.none, longestSilence && texts.from(clock.time(longestSilence.fromMs)))}
${longestGap && figure(texts.longestGap, length(longestGap), texts.nothingReceivedFrom(clock.time(longestGap.fromMs)))}
</dl>`;
}

function timelineLegend({ bins, summary, session }: ReportData, texts: ReportTexts): Html {
  const line = (axis: Axis) =>
    html`<svg viewBox="0 0 28 12" aria-hidden="true"><path class="line ${axis}" d="M0 6H28"/></svg>${texts[axis]}`;
  const box = (name: string, words: string) =>
    html`<span><svg viewBox="0 0 28 12" aria-hidden="true"><rect class="${name}" x=".5" y=".5" width="27" height="11"/></svg>${words}</span>`;
  const some = (activity: string | undefined) => bins.some((bin) => bin.activity === activity);
  return html`<p class="key"><span>${line('valence')}</span><span>${line('arousal')}</span>${session.target && html`<span>${targetKey('valence')}${texts.targetValence}</span><span>${targetKey('arousal')}${texts.targetArousal}</span>`}${summary.valenceInterval !== null && html`<span>${texts.bands}</span>`}${some('silence') && box('silence', texts.silence)}${some('speech') && box('speech', texts.speech)}${some(undefined) && box('no-audio', texts.nothingReceived)}</p>`;
}

const targetKey = (axis: string): Html =>
  html`<svg viewBox="0 0 28 12" aria-hidden="true"><path class="target ${axis}" d="M1 6H27"/>${diamond(14, 6, 4, axis)}</svg>`;

function colorRamp(): Html {
  const parts = Array.from({ length: 7 }, (_, i) => i / 6);
  return html`<svg viewBox="0 0 28 12" aria-hidden="true">${parts.map((at, i) => html`<rect x="${i * 4}" y="3" width="4.2" height="6" fill="${timeColor(at)}"/>`)}</svg>`;
}

function moodTable({ summary: { music, moods } }: ReportData, language: ReportLanguage): Html {
  return html`<table><tbody>${moods.map(({ mood, seconds }) => {
    const share = music > 0 ? seconds / music : 0;
    return html`<tr><td>${language.mood(mood)}</td><td class="bar"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${(100 * share).toFixed(2)}" height="10"/></svg></td><td class="number">${percent(seconds, music)}<br><small>${duration(seconds)}</small></td></tr>`;
  })}</tbody></table>`;
}

function moodHints({ summary }: ReportData, { texts, plain }: ReportLanguage): Html {
  const { moods, valenceInterval, arousalInterval } = summary;
  return html`${
    valenceInterval !== null &&
    html`<p class="hint">${texts.regions(plain(valenceInterval), plain(arousalInterval))}</p>`
  }${moods.some(({ mood }) => mood === 'uncertain') && html`<p class="hint">${texts.uncertainHint}</p>`}`;
}

function sectionTable({ sections, markers, span }: ReportData, clock: Clock): Html {
  const { texts, signed, plain, mood } = clock.language;
  const row = ({ fromMs, toMs, summary, marker }: Section) => {
    const { music, speech, silence, moods } = summary;
    const [most] = moods;
    const level = (mean: number | null, spread: number | null) =>
      html`${signed(mean)}${spread !== null && html` <small>± ${plain(spread)}</small>`}`;
    return html`<tr><td class="number">${elapsed((fromMs - span.fromMs) / 1000)}<br><small>${clock.time(fromMs)}</small></td><td class="note">${marker === 0 ? texts.start : html`<b>${marker}</b> ${markers[marker - 1]?.note}`}</td><td class="number">${duration((toMs - fromMs) / 1000)}<br><small>${texts.music} ${percent(music, music + speech + silence)}</small></td><td class="number">${level(summary.valence, summary.valenceSpread)}</td><td class="number">${level(summary.arousal, summary.arousalSpread)}</td><td class="most">${most && html`${mood(most.mood)} <small>${percent(most.seconds, music)}</small>`}</td></tr>`;
  };
  return html`<div class="wide" tabindex="0" role="group" aria-label="${texts.tableOfSections}"><table><thead><tr><th class="number">${texts.at}</th><th>${texts.marker}</th><th class="number">${texts.length}</th><th class="number">${texts.valence}</th><th class="number">${texts.arousal}</th><th>${texts.mostOften}</th></tr></thead><tbody>${sections.map(row)}</tbody></table></div>
<p class="hint">${texts.meanLevelHint}</p>`;
}

function trackTable({ tracks, span }: ReportData, clock: Clock): Html {
  const { texts, signed } = clock.language;
  const row = ({ fromMs, toMs, title, artist, playing, valence, arousal }: PlayedTrack) =>
    html`<tr><td class="number">${elapsed((fromMs - span.fromMs) / 1000)}<br><small>${clock.time(fromMs)}</small></td><td class="note">${title}${artist !== null && html`<br><small>${artist}</small>`}</td><td class="number">${playing ? texts.playing : duration((toMs - fromMs) / 1000)}</td><td class="number">${signed(valence)}</td><td class="number">${signed(arousal)}</td></tr>`;
  return html`<div class="wide" tabindex="0" role="group" aria-label="${texts.tableOfTracks}"><table><thead><tr><th class="number">${texts.at}</th><th>${texts.track}</th><th class="number">${texts.length}</th><th class="number">${texts.valence}</th><th class="number">${texts.arousal}</th></tr></thead><tbody>${tracks.map(row)}</tbody></table></div>
<p class="hint">${texts.tracksHint[titleOrigin(tracks)]} ${texts.tracksWithin}</p>`;
}

function footer({ models, summary, sampleMs, madeAtMs }: ReportData, clock: Clock): Html {
  const { valenceInterval, arousalInterval } = summary;
  const { texts, plain } = clock.language;
  return html`<p>${texts.estimated(VERSION, models)} ${texts.caveat}</p>
${valenceInterval !== null && html`<p>${texts.interval(plain(valenceInterval), plain(arousalInterval))}</p>`}
${sampleMs !== undefined && html`<p>${texts.coarse(duration(sampleMs / 1000))}</p>`}
<p>${texts.made(clock.at(madeAtMs))}</p>`;
}
