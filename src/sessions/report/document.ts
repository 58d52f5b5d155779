import { createHash } from 'node:crypto';
import { type Html, html } from './html.ts';
import type { ReportLanguage } from './languages/report-language.ts';
import { STYLE } from './style.ts';

/** A report is self-contained and may load nothing. It carries the policy itself too, for when it is saved to a file. */
export const REPORT_CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

export interface ReportDocument {
  readonly language: ReportLanguage;
  /** Of the browser's tab and of the file that a browser prints. */
  readonly title: string;
  readonly heading: string;
  /** Lines above the heading. */
  readonly letterhead?: readonly string[];
  readonly main: Html;
  readonly footer: Html;
}

/** A report as one HTML page for print: no script, nothing to load. */
export function reportDocument(report: ReportDocument): string {
  const { language, title, heading, letterhead = [], main, footer } = report;
  return html`<!doctype html>
<html lang="${language.name}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${REPORT_CSP}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<header>
${letterhead.length > 0 && html`<p class="letterhead"><b>${letterhead[0]}</b>${letterhead.slice(1).join('\n')}</p>`}
<h1>${heading}</h1>
<p class="what">${language.texts.perceived}</p>
</header>
<main>
${main}
</main>
<footer>
${footer}
</footer>
</body>
</html>
`.html;
}

/** One figure of the list at the top. */
export const figure = (name: string, value: string, note: string | null = null): Html =>
  html`<div><dt>${name}</dt><dd>${value}${note !== null && note !== '' && html`<small>${note}</small>`}</dd></div>`;
