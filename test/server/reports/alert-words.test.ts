import { expect, test } from 'vitest';
import { alertWords } from '../../../src/server/reports/alert-words.ts';
import { languageOf } from '../../../src/sessions/report/languages/report-language.ts';
import type { AlertCondition, StreamEvent } from '../../../src/types.ts';

const raised = (condition?: AlertCondition): StreamEvent => ({
  ...{ type: 'alert-raised', stream: 'a', t: 9, time: '2026-11-20T10:00:00.000Z', alert: 'r' },
  message: 'As it was stored.',
  condition,
});

test.each([
  ['de', { when: 'valence', under: -0.4, for: '10m' }, 'Valenz unter −0,4 für 10 min'],
  ['en', { when: 'arousal', over: 0.7, for: '30s' }, 'Arousal over 0.7 for 30 s'],
  ['fr', { when: 'silence', for: '20s' }, 'Silence pendant 20 s'],
  ['es', { when: 'speech', for: '1h' }, 'Voz hablada durante 1 h'],
  ['de', { when: 'source-lost' }, 'Die Quelle ist ausgefallen'],
  [
    'fr',
    { when: 'change', axis: 'both', over: 0.1, within: '5s' },
    'L’émotion change de plus de 0,1 par seconde sur 5 s',
  ],
] as const)('names in %s what raised an alert: %o', (language, condition, words) => {
  expect(alertWords(raised(condition), languageOf(language))).toBe(words);
});

test('keeps the sentence of an alert that was stored without its condition', () => {
  expect(alertWords(raised(), languageOf('de'))).toBe('As it was stored.');
});
