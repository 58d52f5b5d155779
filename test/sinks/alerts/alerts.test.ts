import { expect, test } from 'vitest';
import { Alerts } from '../../../src/sinks/alerts/alerts.ts';
import { alertRules } from '../../../src/sinks/alerts/rule.ts';
import type { EmotionFrame } from '../../../src/types.ts';
import { frameOf } from '../../server/support.ts';

test('rules that are removed and set again start anew', () => {
  const alerts = new Alerts();
  const rules = alertRules.parse([{ name: 'quiet', when: 'silence', for: '3s' }]);
  const silence = (seq: number): EmotionFrame => ({ ...frameOf('booth', seq), activity: 'silence' });
  const typesAt = (seq: number) => alerts.transform(silence(seq)).map(({ type }) => type);
  alerts.setForAll(rules);
  for (let seq = 0; seq < 5; seq++) expect(typesAt(seq)).toEqual(['emotion']);
  alerts.setForAll([]);
  expect(typesAt(5)).toEqual(['emotion']);
  alerts.setForAll(rules);
  for (let seq = 100; seq < 105; seq++) expect(typesAt(seq)).toEqual(['emotion']);
  expect(typesAt(105)).toEqual(['emotion', 'alert-raised']);
});
