import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Clock } from '../../src/sessions/report/clock.ts';
import { duration, elapsed, signed, timeTicks } from '../../src/sessions/report/format.ts';
import { html } from '../../src/sessions/report/html.ts';
import {
  languageOf,
  type ReportLanguageName,
  reportLanguage,
} from '../../src/sessions/report/languages/report-language.ts';
import { reportPage } from '../../src/sessions/report/page.ts';
import type { PlayedTrack } from '../../src/sessions/report/played-tracks.ts';
import { findBrowser, printPdf } from '../../src/sessions/report/print-pdf.ts';
import { reportData } from '../../src/sessions/report/report-data.ts';
import { reportText } from '../../src/sessions/report/text.ts';
import type { Session } from '../../src/sessions/schema.ts';
import { type EmotionBucket, type EmotionFrame, MOODS } from '../../src/types.ts';
import { frameOf } from '../server/support.ts';

const START = Date.parse('2026-11-20T20:00:00Z');
const clock = new Clock('UTC');

/** A step of the session that ends `seconds` after its start. */
function step(seconds: number, over: Partial<EmotionFrame> = {}): EmotionFrame {
  return { ...frameOf('booth', 0, START + seconds * 1000), activity: 'music', ...over };
}

const music = (valence: number, arousal: number, mood: string | null = null) => ({
  valence,
  arousal,
  valenceSd: 0.1,
  arousalSd: 0.1,
  loudness: -20,
  mood,
});
const SILENCE = {
  mood: null,
  valence: null,
  arousal: null,
  valenceSd: null,
  arousalSd: null,
  activity: 'silence',
} as const;

const SESSION: Session = {
  id: 'calm-otter-42',
  stream: 'booth',
  title: 'A <title>',
  tags: ['one & two'],
  notes: '',
  recordNumber: null,
  target: null,
  signed: null,
  state: 'stopped',
  startedAt: new Date(START).toISOString(),
  stoppedAt: new Date(START + 60_000).toISOString(),
  seconds: 60,
  start: null,
  stop: null,
  clockChanges: [],
  markers: 1,
};
const MARKER = { id: 1, time: new Date(START + 30_000).toISOString(), at: 30, run: 1, t: 30, note: 'Drums' };

/** 0–20 s calm, 20–30 s silence, 30–50 s excited and, for 4 s, uncertain, then a gap of 10 s. */
const FRAMES = [
  ...range(0.5, 20).map((t) => step(t, music(0.4, -0.4, 'calm'))),
  ...range(20.5, 30).map((t) => step(t, SILENCE)),
  ...range(30.5, 50).map((t) => step(t, music(t % 1 ? 0.6 : 0.2, 0.05, t > 46 ? 'uncertain' : 'excited'))),
];

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.round((to - from) / 0.5) + 1 }, (_, i) => from + i * 0.5);
}

const historyOf = (frames: EmotionFrame[], buckets: EmotionBucket[] = []) => ({
  async *frames() {
    for (let at = 0; at < frames.length; at += 7) yield frames.slice(at, at + 7);
  },
  async *buckets() {
    yield buckets;
  },
});

const PARTS = [
  { fromMs: START, toMs: START + 60_001, shiftMs: 0, lineFromMs: START, lineToMs: START + 60_000 },
];

const dataOf = (over: Partial<Parameters<typeof reportData>[0]> = {}) =>
  reportData({
    session: SESSION,
    markers: [MARKER],
    history: historyOf(FRAMES),
    parts: PARTS,
    models: ['undertone'],
    nowMs: START + 3_600_000,
    ...over,
  });

describe('the numbers of a report', () => {
  test('levels, variability, mood words, silences and gaps, of the whole session and between markers', async () => {
    const data = await dataOf();
    expect(data.summary).toMatchObject({ music: 40, speech: 0, silence: 10 });
    expect(data.summary.valence).toBeCloseTo(0.4, 6);
    expect(data.summary.valenceSpread).toBeCloseTo(Math.sqrt(0.02), 6);
    expect(data.summary.arousal).toBeCloseTo(-0.175, 6);
    // The frames' own words, not regions computed anew.
    expect(data.summary.moods).toEqual([
      { mood: 'calm', seconds: 20 },
      { mood: 'excited', seconds: 16 },
      { mood: 'uncertain', seconds: 4 },
    ]);
    expect(data.summary.valenceInterval).toBeCloseTo(0.1645, 6);
    expect(data.sections.map(({ summary: s }) => [s.music, s.silence, s.arousal])).toEqual([
      [20, 10, expect.closeTo(-0.4, 6)],
      [20, 0, expect.closeTo(0.05, 6)],
    ]);
    expect(data.longestSilence).toEqual({ fromMs: START + 20_000, toMs: START + 30_000 });
    expect(data.longestGap).toEqual({ fromMs: START + 50_000, toMs: START + 60_000 });
    expect(data.bins).toHaveLength(60);
    expect(data.bins[5]).toMatchObject({ activity: 'music' });
    expect(data.bins[5]?.valence).toBeCloseTo(0.4, 6);
    expect(data.bins[25]).toMatchObject({ activity: 'silence', valence: null });
    expect(data.bins[55]).toMatchObject({ activity: undefined });
  });

  test('has no more audio than time: the first step began before the session, and late steps long before', async () => {
    // Four late steps at once, then one step each half second at uneven times.
    const frames = [
      ...[0.2, 0.21, 0.22, 0.23].map((t) => step(t, music(0.4, 0.4))),
      ...range(0.5, 48).map((t) => step(t - (t % 1 ? 0.1 : 0), music(0.4, 0.4))),
    ];
    const stoppedAt = new Date(START + 48_000).toISOString();
    const data = await dataOf({
      session: { ...SESSION, stoppedAt, seconds: 48 },
      markers: [],
      history: historyOf(frames),
      parts: [{ ...PARTS[0]!, toMs: START + 48_001, lineToMs: START + 48_000 }],
    });
    expect(data.summary.music).toBeCloseTo(48, 0);
    expect(reportText(data, clock)).toContain('music 48 s');
  });

  test('silences with music or a gap between them count separately', async () => {
    const frames = [
      ...range(1, 5).map((t) => step(t, SILENCE)),
      step(5.5, music(0, 0)),
      ...range(6, 9).map((t) => step(t, SILENCE)),
      ...range(20, 23).map((t) => step(t, SILENCE)),
    ];
    const { longestSilence } = await dataOf({ history: historyOf(frames) });
    expect(longestSilence).toEqual({ fromMs: START + 500, toMs: START + 5_000 });
  });

  test('a session without a frame', async () => {
    const data = await dataOf({ history: historyOf([]), models: [] });
    expect(data.longestGap).toEqual({ fromMs: START, toMs: START + 60_000 });
    expect(reportText(data, clock)).toContain('No audio was received during this session.');
    expect(reportPage(data, clock)).toContain('</html>');
  });

  test('a session of several days is read by the minute, and the report states it', async () => {
    const bucket: EmotionBucket = {
      ...{ time: new Date(START).toISOString(), frames: 120, music: 0.5, speech: 0, silence: 0.5 },
      ...{ valence: 0.3, valenceMin: 0, valenceMax: 1, arousal: -0.2, arousalMin: -1, arousalMax: 0 },
      ...{ loudness: -20, confidence: 0.5, moods: { calm: 0.1, neutral: 0.35 } },
    } as EmotionBucket;
    const stoppedAt = new Date(START + 3 * 86_400_000).toISOString();
    const data = await dataOf({
      session: { ...SESSION, stoppedAt, seconds: 3 * 86_400 },
      history: historyOf([], [bucket]),
    });
    expect(data).toMatchObject({
      sampleMs: 60_000,
      summary: {
        ...{ music: 30, silence: 30, valence: 0.3, valenceInterval: null },
        moods: [
          { mood: 'neutral', seconds: expect.closeTo(21, 6) },
          { mood: 'calm', seconds: expect.closeTo(6, 6) },
        ],
      },
    });
    const text = reportText(data, clock);
    expect(text).toContain('the mood word was neutral for 70 %, calm for 20 %.');
    expect(text).toContain('Computed from means of 1 min each');
  });
});

describe('the text of a report', () => {
  test('describes what the music expressed and how certain that is, but no person', async () => {
    const text = reportText(await dataOf(), clock);
    expect(text).toContain('Session calm-otter-42 (A <title>), stream booth');
    expect(text).toContain('20 November 2026, 20:00:00 to 20:01:00 (UTC), 1 min');
    expect(text).toContain('music 40 s (80 %), speech 0 s, silence 10 s');
    expect(text).toContain('the mood word was calm for 50 %, excited for 40 %, uncertain for 10 %.');
    expect(text).toContain('Longest silence: 10 s, from 20:00:20.');
    expect(text).toContain(
      '0:30 20:00:30 Marker 1 (Drums): 30 s; mostly excited (80 % of the music), valence +0.40, arousal +0.05.',
    );
    expect(text).toContain('a word beside the one given is often possible');
    expect(text).toContain('Where the word is uncertain, the intervals were too wide for any word.');
    expect(text).toContain('model undertone');
    expect(text).toContain('It says nothing about what anyone felt.');
    expect(text).not.toMatch(/\b(patient|client|listener felt|mood of the)\b/i);
  });

  test('lists the tracks that a station named', async () => {
    const track: PlayedTrack = {
      ...{ title: 'Eins & <b>', artist: 'Änne', fromMs: START + 5_000, toMs: START + 35_000 },
      ...{ valence: 0.3, arousal: -0.2, playing: false, origin: 'station' },
    };
    const part = { fromMs: START + 40_000, toMs: START + 60_000, valence: null, arousal: null };
    const tracks: PlayedTrack[] = [track, { ...track, ...part, artist: null, playing: true }];
    const data = await dataOf({ tracks });
    const text = reportText(data, clock);
    expect(text).toContain('0:05 20:00:05 "Eins & <b>" by Änne: 30 s, valence +0.30, arousal −0.20.');
    // Its means are those of its frames within the session, which has stopped.
    expect(text).toContain('0:40 20:00:40 "Eins & <b>": 20 s, valence +0.40, arousal +0.05.');
    expect(text).toContain('Tracks, as the station named them:');
    const session = { ...SESSION, state: 'open' as const };
    expect(reportText(await dataOf({ tracks, session }), clock)).toContain(': still playing, valence +0.40');
    const page = reportPage(data, clock);
    expect(page).toContain('<h2>Tracks</h2>');
    expect(page).toContain('Eins &amp; &lt;b&gt;<br><small>Änne</small>');
    expect(page).toContain('Titles and times as the station sent them.');
    expect(reportPage(await dataOf(), clock)).not.toContain('<h2>Tracks</h2>');
    const hintOf = async (...origins: ('station' | 'file' | 'source')[]) =>
      reportPage(await dataOf({ tracks: origins.map((origin) => ({ ...track, origin })) }), clock);
    expect(await hintOf('file', 'file')).toContain('Titles from the tags of the recording.');
    expect(await hintOf('file', 'station')).toContain('Titles and times as the source named them.');
  });

  test('frames of music without a known word have levels, but no word', async () => {
    const frames = [...range(0.5, 10).map((t) => step(t, music(0.4, -0.4, t > 5 ? 'groovy' : null)))];
    const data = await dataOf({ history: historyOf(frames), markers: [] });
    expect(data.summary.moods).toEqual([]);
    const text = reportText(data, clock);
    expect(text).not.toContain('mood word');
    expect(text).toContain('Start: 1 min; valence +0.40, arousal −0.40.');
    expect(reportPage(data, clock)).toContain('</html>');
  });

  test('describes no music where no time passed', async () => {
    const at = (seconds: number, id: number, note: string) => ({
      ...{ ...MARKER, id, at: seconds, note },
      time: new Date(START + seconds * 1000).toISOString(),
    });
    const markers = [at(0, 1, 'First'), at(30, 2, 'Twice'), at(30, 3, 'Again'), at(60, 4, 'Last')];
    const data = await dataOf({ markers });
    const text = reportText(data, clock);
    expect(text).not.toContain(' Start: ');
    expect(text).toContain('0:00 20:00:00 Marker 1 (First): 30 s; mostly calm');
    expect(text).toContain('0:30 20:00:30 Marker 2 (Twice): no time passed');
    expect(text).toContain('0:30 20:00:30 Marker 3 (Again): 30 s; mostly excited');
    expect(text).toContain('1:00 20:01:00 Marker 4 (Last): no time passed');
    expect(text).not.toContain('–');
    expect(reportPage(data, clock)).not.toContain('>Start</td>');
    const stoppedAtOnce = { ...SESSION, stoppedAt: SESSION.startedAt, seconds: 0 };
    const none = await dataOf({ session: stoppedAtOnce, markers: [], history: historyOf([]) });
    expect(reportText(none, clock)).toContain('0:00 20:00:00 Start: no time passed');
  });

  test('a section with little audio is not described as one without music', async () => {
    const marker = (id: number, at: number) => ({ ...MARKER, id, at, note: '', t: at });
    const markers = [30, 33, 47].map((at, i) => ({
      ...marker(i + 1, at),
      time: new Date(START + at * 1000).toISOString(),
    }));
    // All music: 3 s of 3 s, then 3 s of 14 s. At last 1 s beside silence.
    const frames = [
      ...range(30.5, 33).map((t) => step(t, music(0.4, 0.4, 'excited'))),
      ...range(33.5, 36).map((t) => step(t, music(0.4, 0.4, 'excited'))),
      ...range(47.5, 57).map((t) => step(t, SILENCE)),
      ...range(57.5, 58).map((t) => step(t, music(0.4, 0.4, 'excited'))),
    ];
    const data = await dataOf({ markers, history: historyOf(frames) });
    const lines = reportText(data, clock).split('\n');
    expect(lines.filter((line) => /^0:\d\d /.test(line)).map((line) => line.split(': ')[1])).toEqual([
      '30 s, with only 0 s of audio received.',
      '3 s; mostly excited (100 % of the music), valence +0.40, arousal +0.40.',
      '14 s, with only 3 s of audio received.',
      '13 s, with hardly any music.',
    ]);
  });

  test.each([
    [0, '0 s', '0:00'],
    // A length is rounded; a position is cut off, as on the dashboard.
    [59.6, '1 min', '0:59'],
    [130, '2 min 10 s', '2:10'],
    [3_725, '1 h 02 min', '1:02:05'],
  ])('%d s', (seconds, length, position) => {
    expect([duration(seconds), elapsed(seconds)]).toEqual([length, position]);
  });

  test('numbers have a sign, but zero has none', () => {
    expect([0.314, -0.05, -0.001, null].map(signed)).toEqual(['+0.31', '−0.05', '0.00', '–']);
  });

  test.each([
    ['2026-10-25T00:50:00Z', '25 October 2026, 02:50:00 CEST to 02:10:00 CET'],
    ['2026-03-29T00:50:00Z', '29 March 2026, 01:50:00 CET to 03:10:00 CEST'],
    ['2026-11-25T00:50:00Z', '25 November 2026, 01:50:00 to 02:10:00'],
  ])('times name their zone if daylight-saving time begins or ends within the session', (from, text) => {
    const span = { fromMs: Date.parse(from), toMs: Date.parse(from) + 20 * 60_000 };
    expect(new Clock('Europe/Berlin', span).span(span.fromMs, span.toMs)).toBe(text);
  });

  test('time axes have round steps and not too many', () => {
    for (const seconds of [1, 47, 300, 2_820, 20_000, 86_400, 40 * 86_400]) {
      const ticks = timeTicks(seconds, 11);
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThanOrEqual(12);
    }
  });
});

const TARGET = [
  { t: 0, valence: 0.4, arousal: -0.4 },
  { t: 20, valence: 0.4, arousal: -0.4 },
  { t: 40, valence: 0.4, arousal: 0.6 },
];

describe('a session with a target', () => {
  test('has the mean distance from it and the share of the time near it, while there is music', async () => {
    const { target } = await dataOf({ session: { ...SESSION, target: TARGET } });
    // 0 … 20 s on it; 30 … 50 s: the music is at (0.6 or 0.2, 0.05), the target rises from 0.1 to 0.6.
    expect(target!.seconds).toBe(40);
    expect(target!.near).toBe(0.5);
    const far = range(30.5, 50).map((t) => {
      const goal = Math.min(0.6, -0.4 + (t - 0.25 - 20) / 20);
      return Math.hypot(0.2, 0.05 - goal);
    });
    expect(target!.meanDistance).toBeCloseTo(far.reduce((a, b) => a + b) / 80, 6);
    expect((await dataOf()).target).toBeNull();
    // It has none yet.
    const later = [
      { t: 600, valence: 0, arousal: 0 },
      { t: 700, valence: 0, arousal: 0 },
    ];
    expect((await dataOf({ session: { ...SESSION, target: later } })).target).toBeNull();
  });

  test('shows it in the figures, both charts and the text', async () => {
    const data = await dataOf({ session: { ...SESSION, target: TARGET } });
    const page = reportPage(data, clock);
    expect(page).toMatch(/<dt>From the target<\/dt><dd>0\.\d\d<small>on average; within 0\.2 for 50 %/);
    expect(page.match(/class="target valence"/g)).toHaveLength(2); // The line, and its key.
    expect(page.match(/class="target arousal"/g)).toHaveLength(2);
    expect(reportText(data, clock)).toMatch(
      /Target: from valence \+0\.40, arousal −0\.40 at 0:00 to valence \+0\.40, arousal \+0\.60 at 0:40\. The music was 0\.\d\d from it on average, and within 0\.2 for 50 % of 40 s of music\./,
    );
    expect(reportPage(await dataOf(), clock)).not.toContain('class="target');
  });
});

describe('a signed session', () => {
  test('has the letterhead, its record number, who signed it, and the addenda', async () => {
    const signed = { name: 'A. <Vale>', time: '2026-11-21T08:00:00Z' };
    const addenda = [{ id: 1, time: '2026-11-22T09:30:00Z', name: 'A. Vale', text: 'Was <tired>.' }];
    const data = await dataOf({ session: { ...SESSION, recordNumber: 'R-17', signed }, addenda });
    const page = reportPage(data, clock, ['Clinic & Co', '12 High Street']);
    expect(page).toContain('<p class="letterhead"><b>Clinic &amp; Co</b>12 High Street</p>');
    expect(page).toContain('Record number <b>R-17</b>');
    expect(page).toContain('Signed by <b>A. &lt;Vale&gt;</b>, 21 November 2026, 08:00:00.');
    expect(page).toContain('<b>22 November 2026, 09:30:00, A. Vale:</b> Was &lt;tired&gt;.');
    const text = reportText(data, clock);
    expect(text).toContain('Record number: R-17');
    expect(text).toContain('Signed by A. <Vale>, 21 November 2026, 08:00:00; locked since.');
    expect(text).toContain('Addendum of 22 November 2026, 09:30:00, A. Vale: Was <tired>.');
    expect(reportPage(await dataOf(), clock)).not.toMatch(/class="(letterhead|signed)"|Record number/);
  });
});

describe('the page of a report', () => {
  test('has no script, loads nothing, and escapes what people wrote', async () => {
    const note = '"><script>alert(1)</script>';
    const page = reportPage(await dataOf({ markers: [{ ...MARKER, note }] }), clock);
    expect(page).toContain('A &lt;title&gt;');
    expect(page).toContain('one &amp; two');
    expect(page).toContain('&quot;&gt;&lt;script&gt;');
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|style="|\son\w+="/i);
    expect(page).not.toMatch(/(src|href)=/i);
  });

  test('has the frames’ mood words, and keeps the notes on uncertainty in print', async () => {
    const page = reportPage(await dataOf(), clock);
    for (const word of ['calm', 'excited', 'uncertain']) expect(page).toContain(`<tr><td>${word}</td>`);
    expect(page).not.toMatch(/Time in each quadrant|neutral/);
    expect(page).toContain('<p class="hint">Where the word is uncertain');
    const print = page.slice(page.indexOf('@media print'), page.indexOf('</style>'));
    expect(print).not.toMatch(/\.hint\s*\{\s*display: none/);
  });

  test('prints its caveats, and only its advice for the screen is left out', async () => {
    const page = reportPage(await dataOf(), clock);
    const print = page.slice(page.indexOf('@media print'), page.indexOf('</style>'));
    expect(print.match(/[^{}]+(?=\{ display: none)/)?.[0].trim()).toBe('.screen-only');
    expect(page.match(/class="[^"]*screen-only[^"]*">[^<]*/g)).toEqual([
      'class="hint screen-only">Click the text to select all of it.',
    ]);
  });

  test('has landmarks for screen readers, and scrolls with the keyboard', async () => {
    const page = reportPage(await dataOf(), clock);
    const body = page.slice(page.indexOf('<body>'));
    expect(body.match(/<(\/?)(header|main|footer)\b/g)).toEqual([
      ...['<header', '</header', '<main', '</main', '<footer', '</footer'],
    ]);
    const between = body.replace(/<(header|main|footer)[\s\S]*?<\/\1>/g, '').replace(/<\/?(body|html)>/g, '');
    expect(between.trim()).toBe('');
    for (const [tag] of body.matchAll(/<\w+ class="wide"[^>]*>/g))
      expect(tag).toMatch(/tabindex="0" role="group" aria-label="[A-Z]/);
  });

  test('the template escapes values, but not markup', () => {
    const inner = html`<b>${'<&>'}</b>`;
    expect(html`${[inner, '"', null, 0]}${false}`.html).toBe('<b>&lt;&amp;&gt;</b>&quot;0');
  });
});

describe('PDF', () => {
  test('a missing browser is reported in a sentence', async () => {
    expect(findBrowser({ PATH: '/nowhere' })).toBeUndefined();
    await expect(printPdf('', { browser: '/nowhere/chromium' })).rejects.toMatchObject({
      code: 'pdf-failed',
      message: expect.stringContaining('did not start'),
    });
  });

  test.skipIf(process.platform === 'win32')('a browser that hangs is killed', async () => {
    const browser = join(mkdtempSync(join(tmpdir(), 'undertone-test-')), 'browser');
    writeFileSync(browser, '#!/bin/sh\nsleep 600 & wait\n', { mode: 0o755 });
    await expect(printPdf('', { browser, timeoutMs: 200 })).rejects.toMatchObject({
      message: expect.stringContaining('longer than 0.2 s'),
    });
  });

  test.skipIf(findBrowser() === undefined)('is printed by a browser', async () => {
    const pdf = await printPdf(reportPage(await dataOf(), clock));
    expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(10_000);
  });
});

describe('the languages of a report', () => {
  const target = [
    { t: 0, valence: 0.4, arousal: -0.4 },
    { t: 40, valence: 0.5, arousal: 0.25 },
  ];
  const session: Session = {
    ...SESSION,
    title: null,
    notes: 'Notiz',
    recordNumber: 'R-17',
    target,
    signed: { name: 'A. Vale', time: '2026-11-21T08:00:00.000Z' },
    clockChanges: [{ at: 5, seconds: 172_800 }],
  } as Session;
  /** What of a page can be read, also by a screen reader. */
  const wordsOf = (page: string) =>
    page.replace(/<style>.*?<\/style>/gs, '').replace(/<[^>]*?(?:aria-label="([^"]*)"[^>]*)?>/g, ' $1 ');
  const written = async (name: ReportLanguageName) => {
    const data = await dataOf({ session });
    const inLanguage = new Clock('UTC', data.span, languageOf(name));
    return [reportPage(data, inLanguage), reportText(data, inLanguage)] as const;
  };

  test.each([
    ['de', '20. November 2026', 'ruhig', 'Aktivierung', '0,40'],
    ['fr', '20 novembre 2026', 'calme', 'Activation', '0,40'],
    ['es', '20 de noviembre de 2026', 'tranquilo', 'Activación', '0,40'],
  ] as const)(
    '%s has dates, moods, names and numbers of its own',
    async (name, date, calm, arousal, number) => {
      const [page, text] = await written(name);
      expect(page).toContain(`<html lang="${name}">`);
      expect(page).toContain(`<tr><td>${calm}</td>`);
      expect(page).toContain(`<th class="number">${arousal}</th>`);
      for (const part of [page, text]) {
        expect(part).toContain(date);
        expect(part).toContain(`+${number}`);
        expect(part).toContain(calm);
        // No number with the decimal mark of English, and no sentence of it.
        const words = wordsOf(part);
        expect(words.replace(/undertone \d+\.\d+\.\d+/g, '')).not.toMatch(/\d\.\d/);
        expect(words).not.toMatch(/\b(the|of|with|marker|target|received|longest|signed|days)\b/i);
      }
    },
  );

  test('English is the default, and the words are those of the dashboard', async () => {
    const data = await dataOf({ session });
    expect((await written('en'))[1]).toBe(reportText(data, new Clock('UTC', data.span)));
    for (const name of reportLanguage.options) {
      const messages = JSON.parse(readFileSync(`dashboard/locales/${name}.json`, 'utf8'));
      const { texts } = languageOf(name);
      for (const mood of MOODS) expect(texts.moods[mood]).toBe(messages[`mood.${mood}`]);
      for (const what of ['music', 'speech', 'silence'] as const)
        expect(texts[what].toLowerCase()).toBe(messages[`mood.${what}`].toLowerCase());
      expect([texts.valence, texts.arousal]).toEqual([messages['axis.valence'], messages['axis.arousal']]);
      expect(texts.perceived).toBe(messages['page.tagline']);
    }
    expect(languageOf('de').mood('a word of a later version')).toBe('a word of a later version');
  });
});
