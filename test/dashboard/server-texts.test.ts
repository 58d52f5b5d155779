import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { alertText, eventText, noticeText } from '../../dashboard/state/event-text.ts';
import { ENGLISH, type Messages, showLanguage } from '../../dashboard/state/i18n.ts';
import { nextReasonText } from '../../dashboard/state/next-reason-text.ts';
import { nextTrack } from '../../dashboard/state/next-track.ts';
import { sinkReason } from '../../dashboard/state/sink-reason.ts';
import { type StateReason, stateText, stateWords } from '../../dashboard/state/state-text.ts';
import type { NextReason } from '../../src/client/index.ts';
import { reasonText } from '../../src/library/next/reason-text.ts';
import { SinkFault } from '../../src/sinks/sink-fault.ts';
import type { StreamEvent } from '../../src/types.ts';

const LOCALE = new URL('../../dashboard/locales/de.json', import.meta.url);
const inGerman = () => {
  const messages = JSON.parse(readFileSync(LOCALE, 'utf8')) as Messages;
  showLanguage({ language: 'de', locale: 'de-DE', messages });
};
const inEnglish = () => showLanguage({ language: 'en', locale: 'en', messages: ENGLISH });

beforeAll(inGerman);
afterAll(inEnglish);

const EVENT = { stream: 'a', t: 40, time: '2026-11-20T10:00:00.000Z', message: 'As the server says.' };

test.each([
  [{ when: 'valence', over: 0.4, for: '30s' }, 'Valenz über 0,4 für 30 s'],
  [{ when: 'arousal', under: -0.2, for: '5m' }, 'Aktivierung unter −0,2 für 5 min'],
  [{ when: 'silence', for: '20s' }, 'Stille für 20 s'],
  [{ when: 'source-lost' }, 'Die Quelle ist ausgefallen'],
  [
    { when: 'change', axis: 'both', over: 0.1, within: '5s' },
    'Die Emotion ändert sich um mehr als 0,1 je Sekunde über 5 s',
  ],
] as const)('names what raised an alert in the language of the page: %o', (condition, text) => {
  expect(alertText({ message: EVENT.message, condition })).toBe(text);
});

test('names why an alert ended, and keeps the sentence of a server that sends nothing else', () => {
  const cleared = { ...EVENT, type: 'alert-cleared', alert: 'dead-air' } as const;
  const condition = { when: 'silence', for: '20s' } as const;
  const ended = { because: 'clear', seconds: 75 } as const;
  expect(eventText({ ...cleared, condition, ended })).toBe('Nach 1:15 zu Ende: Stille für 20 s');
  const gap = { ...EVENT, type: 'gap', reason: 'overload', seconds: 2.5 } as const;
  expect(eventText(gap)).toBe('2,5 s übersprungen: Der Computer ist zu langsam');
  expect(eventText({ ...EVENT, type: 'segment', confidence: 0.734 })).toBe('Sicherheit 73 %');
  const title = { title: 'Blue', artist: 'A' };
  expect(eventText({ ...EVENT, type: 'track', ...title })).toBe('A – Blue');
  const summary = { loudness: null } as never;
  expect(eventText({ ...EVENT, type: 'track-ended', ...title, seconds: 75, summary })).toBe('A – Blue, 1:15');
  for (const event of [cleared, { ...EVENT, type: 'source-lost' }] as StreamEvent[])
    expect(eventText(event)).toBe(EVENT.message);
});

const REASONS: readonly NextReason[] = [
  { code: 'opens-at-forecast' },
  { code: 'opens-near-forecast', differences: [] },
  { code: 'opens-near-forecast', differences: ['calmer'] },
  { code: 'opens-off-forecast', differences: ['livelier', 'darker'] },
  { code: 'opening-uncertain' },
  { code: 'tempo', bpm: 118, estimated: true, percent: -2, multiple: 1 },
  { code: 'tempo', bpm: 60, estimated: false, percent: 0, multiple: 0.5 },
  { code: 'key', from: '8A', to: '8A', estimated: false, steps: 0 },
  { code: 'key', from: '8A', to: '9A', estimated: true, steps: 1 },
  { code: 'key', from: '8A', to: '3B', estimated: false, steps: 6 },
  { code: 'same-artist' },
];

test('gives the reasons for next tracks in the language of the page', () => {
  expect(REASONS.map(nextReasonText)).toEqual([
    'beginnt da, wo die Musik hinführt',
    'beginnt nahe dem, wo die Musik hinführt',
    'beginnt in der Nähe: ruhiger',
    'beginnt lebhafter und dunkler als vorhergesagt',
    'der Anfang ist unsicher',
    'etwa 118 BPM, 2 % langsamer',
    '60 BPM, gleiches Tempo, im halben Tempo',
    'gleiche Tonart (8A)',
    'Nachbartonart (8A nach wohl 9A)',
    'Tonart 3B, 6 Schritte von 8A',
    'gleicher Interpret wie jetzt',
  ]);
});

test('uses the words of the API in English, and its sentence for a reason that the page does not know', () => {
  inEnglish();
  expect(REASONS.map(nextReasonText)).toEqual(REASONS.map(reasonText));
  inGerman();
  const track = { path: '/a.ogg', title: 'A', artist: null, bpm: null, camelot: null };
  const why: readonly NextReason[] = [{ code: 'within-tolerance', tolerance: 0.05 }];
  const reasons = ['first emotion within ±0.05 of the forecast'];
  expect(nextTrack({ ...track, reasons, why }).reasons).toEqual(reasons);
});

const reasonOf = ({ message, code, values }: SinkFault) => ({
  message,
  reasonCode: code,
  reasonValues: values,
});

test.each([
  [new SinkFault('ECONNREFUSED', 'ECONNREFUSED'), 'Unter dieser Adresse empfängt kein Programm'],
  [
    new SinkFault('http-status', 'it answered 401: no such token', { values: { status: 401 } }),
    'Der Empfänger hat mit 401 geantwortet',
  ],
  [
    new SinkFault('timeout', 'no answer within 10 s', { values: { seconds: 10 } }),
    'Der Empfänger hat 10 s lang nicht geantwortet',
  ],
  [new SinkFault('in-use', 'another sink writes there'), 'Ein anderer Ausgang schreibt dorthin'],
  [
    new SinkFault('no-folder', 'the folder /srv/a does not exist', { values: { path: '/srv/a' } }),
    'Den Ordner /srv/a gibt es nicht',
  ],
  [new SinkFault(undefined, 'Connection refused: Not authorized'), 'Connection refused: Not authorized'],
  [new SinkFault('EIO', 'EIO: i/o error, write'), 'EIO: i/o error, write'],
])('explains why a sink is down: %s', (fault, text) => {
  expect(sinkReason(reasonOf(fault))).toBe(text);
});

test('explains in English why a sink is down in the words of the server, and a code of the system in words', () => {
  onTestFinished(inGerman);
  inEnglish();
  const inUse = new SinkFault('in-use', 'another sink writes there');
  expect(sinkReason(reasonOf(inUse))).toBe('another sink writes there');
  const refused = new SinkFault('ECONNREFUSED', 'ECONNREFUSED');
  expect(sinkReason(reasonOf(refused))).toBe('No program receives at this address');
});

/** The codes of faults in src/sinks. */
const SINK_CODES = [
  ...['closed', 'disk-full', 'forbidden-address', 'http-status', 'in-use', 'no-address', 'no-answer'],
  ...['no-folder', 'no-reader', 'not-writable', 'other-content', 'timeout'],
];

test('has words for each code that a sink may be down with', () => {
  const values = { status: 503, seconds: 10, path: '/srv/a', address: '10.0.0.1' };
  for (const code of SINK_CODES) {
    const fault = new SinkFault(code, 'as the server says', { values });
    expect(sinkReason(reasonOf(fault)), code).not.toBe('as the server says');
  }
});

/** The codes of errors in src/stream/sources, src/stream/decode and src/server/ingest that concern a running stream. */
const SOURCE_CODES = [
  ...['bad-audio', 'bad-file', 'bad-format', 'bad-message', 'bad-source', 'bad-url', 'broadcast-ended'],
  ...['forbidden-address', 'internal', 'message-too-big', 'no-audio', 'no-file', 'no-naudiodon'],
  ...['recorder-ended', 'soundcard-fault', 'truncated-audio', 'unreachable'],
].map((code): Omit<StateReason, 'message'> => ({ code }));

const AGAIN = 'Der Server versucht es weiter, bis die Quelle wieder da ist.';
const SENTENCE = 'As the server says.';

test.each<[Omit<StateReason, 'message'>, string]>([
  [
    { code: 'http-status', values: { status: 404 } },
    `Der Server hat mit 404 geantwortet statt Ton zu senden. ${AGAIN}`,
  ],
  [
    { code: 'http-status', values: { reason: 'password', status: 401 } },
    `Der Server verlangt Benutzer und Passwort, oder andere. ${AGAIN}`,
  ],
  [
    { code: 'unreachable', values: { reason: 'refused' } },
    `Unter dieser Adresse antwortet kein Server. ${AGAIN}`,
  ],
  [{ code: 'unreachable' }, `Die Quelle ist nicht erreichbar. ${AGAIN}`],
  [
    { code: 'unreachable', values: { reason: 'timeout', seconds: 7.5 } },
    `Der Server hat 7,5 s lang nichts gesendet. ${AGAIN}`,
  ],
  [
    { code: 'no-file', values: { next: 'list.m3u' } },
    'Diese Datei gibt es auf dem Server nicht. Der Server versucht den nächsten Eintrag von list.m3u.',
  ],
  // The sender has to send: nothing is tried.
  [{ code: 'sender-silent', values: { seconds: 12 } }, 'Seit 12 s kommt kein Ton an.'],
  [
    { because: 'failed', code: 'audio-timeout', values: { seconds: 60 } },
    '60 s lang kam kein Ton an: Der Stream ist zu Ende.',
  ],
  [{ because: 'removed' }, 'Dieser Stream wurde entfernt.'],
  [{ because: 'shutdown' }, 'Der Server wurde beendet.'],
  // What the page has no words for, or not all values: the sentence of the server.
  [{ code: 'of-tomorrow', values: { status: 1 } }, SENTENCE],
  [{ because: 'failed', code: 'of-tomorrow' }, SENTENCE],
  [{ code: 'http-status' }, SENTENCE],
  [{}, SENTENCE],
])('names why a stream is not running in the language of the page: %o', (reason, text) => {
  expect(stateText({ message: SENTENCE, ...reason })).toBe(text);
});

test('has words for each code that a source may be lost with, and keeps the sentence of the server in English', () => {
  for (const code of SOURCE_CODES)
    expect(stateText({ message: SENTENCE, ...code }), code.code).not.toBe(SENTENCE);
  inEnglish();
  for (const code of SOURCE_CODES) expect(stateText({ message: SENTENCE, ...code })).toBe(SENTENCE);
  inGerman();
});

test('has short words for tiles in English too', () => {
  inEnglish();
  const reason = { message: SENTENCE, code: 'http-status', values: { status: 404 } };
  expect(stateWords(reason)).toBe('The server answered 404 instead of sending audio.');
  expect(stateWords({ message: SENTENCE, because: 'removed' })).toBe('This stream was removed.');
  expect(stateWords({ message: SENTENCE, code: 'of-tomorrow' })).toBeNull();
  for (const code of SOURCE_CODES) expect(stateWords({ message: SENTENCE, ...code })).not.toBeNull();
  inGerman();
  expect(stateWords(reason)).toBe('Der Server hat mit 404 geantwortet statt Ton zu senden.');
});

test('names the reasons of events and notices', () => {
  const notice = { type: 'notice', code: 'log-failed', time: EVENT.time, message: SENTENCE } as const;
  expect(noticeText(notice)).toBe('Das Protokoll des Servers lässt sich zurzeit nicht schreiben oder lesen.');

  const lost = { ...EVENT, type: 'source-lost', code: 'broadcast-ended' } as const;
  expect(eventText(lost)).toBe(`Der Sender hat die Übertragung beendet. ${AGAIN}`);
  const stopped = { ...EVENT, type: 'stream-stopped' } as const;
  expect(eventText({ ...stopped, because: 'changed' })).toBe('Der Stream wurde geändert und startet neu.');
  expect(eventText({ ...stopped, because: 'failed', code: 'truncated-audio' })).toBe(
    'Der Ton ist unvollständig oder beschädigt.',
  );
  // Messages of older versions.
  expect(eventText(stopped)).toBe('Die Quelle ist zu Ende.');
  expect(eventText({ ...stopped, code: 'truncated-audio' })).toBe(
    'Der Ton ist unvollständig oder beschädigt.',
  );
});
