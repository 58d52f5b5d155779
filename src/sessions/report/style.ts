/** The report's only style sheet: light, for paper first. The page contains it, and the page's CSP has its hash. */
export const STYLE = `
:root { color-scheme: light; --ink: #1a1b1f; --muted: #595c64; --line: #d5d2cb; --valence: #1a6fb8; --arousal: #b84a05; --dark: #00342f; }
* { box-sizing: border-box; }
html { background: #f5f4f1; color: var(--ink); font: 15px/1.45 -apple-system, "Segoe UI", Roboto, Cantarell, "Noto Sans", "Helvetica Neue", Arial, "Liberation Sans", sans-serif; -webkit-text-size-adjust: 100%; }
body { max-width: 60rem; margin: 0 auto; padding: 2.5rem 3rem 3rem; background: #fff; }
header { display: flex; flex-wrap: wrap; gap: .25rem 2rem; justify-content: space-between; align-items: baseline; padding-bottom: .75rem; border-bottom: 2px solid var(--ink); }
h1 { margin: 0; font-size: 1.625rem; letter-spacing: -.015em; }
h2 { margin: 2rem 0 .625rem; font-size: 1.0625rem; break-after: avoid; }
p { margin: .375rem 0; }
.what { color: var(--muted); }
.when { margin: .75rem 0 0; }
.tags span { display: inline-block; margin-right: .375rem; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 1rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.25rem, 1fr)); gap: .75rem 1.25rem; margin: 1.25rem 0 0; }
.figures dt { color: var(--muted); font-size: .875rem; }
.figures dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures small { display: block; color: var(--muted); font-size: .8125rem; font-weight: 400; }
figure { margin: 0; break-inside: avoid; }
svg { display: block; width: 100%; height: auto; }
svg text { font-size: 13px; fill: var(--muted); }
.grid { stroke: #eae8e2; } .zero { stroke: #b9b6ae; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.line.valence { stroke: var(--valence); } .line.arousal { stroke: var(--arousal); stroke-dasharray: 6 4; }
.band { opacity: .12; } .band.valence { fill: var(--valence); } .band.arousal { fill: var(--arousal); }
.silence { fill: #e6e4de; } .speech { fill: #efe3cf; } .no-audio { fill: #fff; stroke: #b9b6ae; stroke-dasharray: 2 3; }
.target { fill: none; stroke: var(--ink); stroke-width: 2.5; stroke-linecap: round; stroke-dasharray: 0 5.5; }
.target.valence { stroke: var(--valence); } .target.arousal { stroke: var(--arousal); stroke-dasharray: 0 10; }
.target-point { fill: #fff; stroke: var(--ink); stroke-width: 1.5; } .target-point.valence { stroke: var(--valence); } .target-point.arousal { stroke: var(--arousal); }
.letterhead { flex-basis: 100%; margin: 0 0 1.5rem; white-space: pre-line; } .letterhead b { display: block; font-size: 1.0625rem; }
.signed { margin: 1.5rem 0 0; padding: .625rem .875rem; border: 1px solid var(--ink); border-radius: .375rem; }
.flag { stroke: var(--ink); stroke-width: 1; } .flag-ground, .plane-marker { fill: var(--ink); }
svg .flag-number { fill: #fff; font-weight: 600; }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0 0; color: var(--muted); font-size: .875rem; }
.key span { display: inline-flex; align-items: center; gap: .4rem; }
.key svg { width: 1.75rem; height: .75rem; }
.two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 2.5rem; align-items: start; }
.plane-edge { fill: none; stroke: var(--line); } .plane-circle { fill: none; stroke: #b9b6ae; } .plane-axis { stroke: #b9b6ae; }
svg .plane-word { font-size: 15px; } svg .plane-name { font-weight: 600; }
.path { fill: none; stroke-width: 2.25; stroke-linecap: round; } .path-end { stroke: #fff; stroke-width: 1.5; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--muted); font-size: .875rem; font-weight: 500; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.number { text-align: right; white-space: nowrap; }
td small { color: var(--muted); }
.note { overflow-wrap: anywhere; }
.most { white-space: nowrap; }
.bar { width: 36%; } .bar svg { height: .75rem; } .bar rect { fill: var(--dark); }
.notes { white-space: pre-wrap; overflow-wrap: anywhere; }
pre { margin: 0; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; background: #faf9f7; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; -webkit-user-select: all; user-select: all; }
[tabindex]:focus-visible { outline: 2px solid #00796b; outline-offset: 2px; }
.hint { color: var(--muted); font-size: .875rem; }
footer { margin-top: 2rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .875rem; }
@media (max-width: 44rem) { body { padding: 1.25rem 1rem 2rem; } .two { grid-template-columns: minmax(0, 1fr); gap: 1.5rem; } .wide { overflow-x: auto; } .timeline { min-width: 34rem; } .wide table { min-width: 44rem; } }
@media print {
  @page { margin: 15mm 14mm; }
  html { background: none; font-size: 10.5pt; }
  body { max-width: none; padding: 0; }
  .screen-only { display: none; }
  pre { border: 0; padding: 0; background: none; }
  h2 { margin-top: 1.25rem; }
  .figures { grid-template-columns: repeat(auto-fit, minmax(6rem, 1fr)); }
  .two, footer { break-inside: avoid; }
  .plane { max-width: 70mm; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;
