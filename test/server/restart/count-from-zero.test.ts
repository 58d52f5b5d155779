import { expect, test } from 'vitest';
import { countFromZero } from '../../../src/server/restart/count-from-zero.ts';
import type { StreamMessage } from '../../../src/types.ts';
import { frameOf } from '../support.ts';

const event = (t: number): StreamMessage => ({
  type: 'source-lost',
  stream: 'a',
  t,
  time: '',
  message: '',
});

test('the first frame is step 0, and events count from the begin of its step', () => {
  const renumber = countFromZero();
  expect(renumber(event(617.25))).toMatchObject({ t: 0 });
  expect(renumber(event(617.4))).toMatchObject({ t: 0 });
  expect(renumber(frameOf('a', 1234))).toMatchObject({ seq: 0, t: 0.5, valence: frameOf('a', 1234).valence });
  expect(renumber(event(617.6))).toMatchObject({ t: 0.6 });
  expect(renumber(frameOf('a', 1235))).toMatchObject({ seq: 1, t: 1 });
});
