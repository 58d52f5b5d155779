import type { ApiError } from '../../src/client/index.ts';
import { language, type MessageKey, t } from './i18n.ts';

type Refusal = Extract<MessageKey, `refused.${string}`>;

/** Codes of the API that say the same to people, by what they say. */
const CODES: Readonly<Partial<Record<Refusal, readonly string[]>>> = {
  'refused.address': ['bad-source', 'bad-url'],
  'refused.audio': ['bad-audio', 'no-audio', 'truncated-audio', 'empty', 'no-file', 'bad-format'],
  'refused.beforeLog': ['before-log'],
  'refused.busy': ['busy', 'log-busy', 'closing', 'going-away', 'library-busy'],
  'refused.configured': ['configured'],
  'refused.device': ['no-device', 'device-busy', 'soundcard-fault', 'no-naudiodon', 'not-built'],
  'refused.disk': ['log-failed', 'not-kept'],
  'refused.file': ['bad-file'],
  'refused.framesKept': ['frames-kept'],
  'refused.full': [
    'too-many-markers',
    'too-many-versions',
    'too-many-addenda',
    'too-many-ratings',
    'too-many-profiles',
  ],
  'refused.gone': [
    'unknown-session',
    'unknown-marker',
    'unknown-profile',
    'unknown-token',
    'unknown-folder',
    'unknown-track',
  ],
  'refused.insecure': ['insecure'],
  'refused.internal': ['internal', 'bad-model', 'bad-profile', 'library-file', 'library-too-new'],
  'refused.locked': ['locked'],
  'refused.noFolders': ['no-library', 'no-folders'],
  'refused.noPdf': ['no-browser', 'pdf-failed'],
  'refused.noReading': ['no-reading'],
  'refused.noSound': ['audio-timeout', 'hello-timeout'],
  'refused.noStream': ['unknown-stream'],
  'refused.notAdded': ['not-added'],
  'refused.notAllowed': ['source-not-allowed', 'sink-not-allowed', 'folder-not-allowed'],
  'refused.notSigned': ['not-signed'],
  'refused.profileInUse': ['profile-in-use'],
  'refused.profileModel': ['profile-model'],
  'refused.ratings': ['no-ratings', 'too-few-ratings', 'profile-not-fitted'],
  'refused.requests': ['too-many-requests'],
  'refused.scope': ['scope'],
  'refused.sessionOpen': ['session-open'],
  'refused.streamBusy': ['stream-busy'],
  'refused.streamRemoved': ['stream-removed'],
  'refused.tokenExists': ['token-exists'],
  'refused.tooLarge': ['too-large', 'message-too-big', 'too-much-memory'],
  'refused.tooLong': ['too-long'],
  'refused.tooManyStreams': ['too-many-streams'],
  'refused.tooShort': ['too-short'],
  'refused.unknownModel': ['unknown-model'],
  'refused.unreachable': ['unreachable', 'http-status'],
};
const KEY_OF = new Map(
  Object.entries(CODES).flatMap(([key, codes]) => codes.map((code) => [code, key as Refusal] as const)),
);

/** Codes whose sentences are about requests and their fields, which people at a page do not see. */
const FOR_PROGRAMS: ReadonlySet<string> = new Set([
  'before-log',
  'empty',
  'no-file',
  'scope',
  'unknown-track',
]);

/**
 * Why the server did not do something, in the language of the page: by its code. Its own sentence, which knows more, in
 * English, and for a code that this page does not know.
 */
export function codeText(code: string, sentence: string): string {
  if (language() === 'en' && !FOR_PROGRAMS.has(code)) return sentence;
  const key = KEY_OF.get(code);
  return key === undefined ? t('refused.other', { sentence }) : t(key);
}

/** The same for an answer of the API, which names the first value that it does not accept. */
export function refusalText({ code, message, errors: [first] }: ApiError): string {
  if (code !== 'bad-request') return codeText(code, message);
  const field = first === undefined ? undefined : fieldOf(first.path);
  if (first === undefined || field === undefined) return codeText(code, message);
  return t('refused.field', { field, expected: expectedText(first.expected) });
}

/** Names of fields, by the last word of their path that has one: `tags.3`, `sinks.0.sink`. */
const FIELDS: Readonly<Record<string, MessageKey>> = {
  arousal: 'axis.arousal',
  from: 'sessions.from',
  name: 'setup.name',
  note: 'marker.note',
  notes: 'session.notes',
  q: 'sessions.search',
  recordNumber: 'session.recordNumber',
  rules: 'alerts.rule',
  sink: 'sinks.address',
  source: 'setup.address',
  startedAt: 'start.began',
  stream: 'setup.name',
  tag: 'refused.tags',
  tags: 'refused.tags',
  target: 'target.target',
  text: 'sign.addendum',
  time: 'table.time',
  title: 'session.title',
  to: 'sessions.to',
  valence: 'axis.valence',
};

function fieldOf(path: string): string | undefined {
  const key = path.split('.').findLast((part) => Object.hasOwn(FIELDS, part));
  return key === undefined ? undefined : t(FIELDS[key]!);
}

/** What the API expects of a value, as it words that. */
const EXPECTED: readonly (readonly [RegExp, MessageKey])[] = [
  [/^at most (\d+) characters$/, 'expected.characters'],
  [/^a text of at most (\d+) characters$/, 'expected.characters'],
  [/^at most (\d+) tags$/, 'expected.tags'],
  [/^(at least one character|a text|a name)$/, 'expected.text'],
  [/^no (control characters|comma)$/, 'expected.plainText'],
  [/^1 to 64 of a-z/, 'setup.nameForm'],
  [/^a time within the session$/, 'expected.withinSession'],
  [/^a time in the past/, 'expected.past'],
  [/^at least (-?[\d.]+)$/, 'expected.atLeast'],
  [/^at most (-?[\d.]+)$/, 'expected.atMost'],
];

function expectedText(expected: string): string {
  for (const [pattern, key] of EXPECTED) {
    const match = pattern.exec(expected);
    if (match !== null) return t(key, { count: Number(match[1] ?? 0) });
  }
  return language() === 'en' ? expected : t('expected.other');
}
