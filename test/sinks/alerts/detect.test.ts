import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AlertState, detect, INITIAL } from '../../../src/sinks/alerts/detect.ts';
import { type AlertRule, alertRule, alertRules } from '../../../src/sinks/alerts/rule.ts';
import { EMPTY_FRAME, type EmotionFrame, type StreamEvent, type StreamMessage } from '../../../src/types.ts';

/** One entry a step: a number is its arousal (valence 0), a word the activity of a step without music. */
type Step = number | readonly [valence: number, arousal: number] | 'silence' | 'speech';

function frames(steps: readonly Step[]): EmotionFrame[] {
  return steps.map((step, seq) => {
    const [valence, arousal] =
      typeof step === 'number' ? [0, step] : typeof step === 'string' ? [null, null] : step;
    return {
      ...EMPTY_FRAME,
      stream: 's',
      seq,
      t: 0.5 * (seq + 1),
      time: new Date(seq * 500).toISOString(),
      valence,
      arousal,
      valenceSd: 0.1,
      arousalSd: 0.1,
      forecast: [],
      mood: null,
      loudness: -20,
      activity: typeof step === 'string' ? step : 'music',
      confidence: 1,
      latencyMs: 1,
    };
  });
}

const event = (
  type: 'source-lost' | 'source-restored' | 'stream-started' | 'stream-stopped',
  t = 0,
  code?: string,
) =>
  ({
    type,
    stream: 's',
    t,
    time: '2026-11-20T20:15:03.512Z',
    message: 'Why.',
    ...(code && { code }),
  }) as StreamEvent;

/** When the alert of a rule is raised (+) and cleared (-), in seconds of audio. */
function run(rule: unknown, messages: readonly StreamMessage[]): string[] {
  const parsed = alertRule.parse({ name: 'r', ...(rule as object) });
  let state: AlertState = INITIAL;
  return messages.flatMap((message) => {
    const next = detect(parsed, state, message);
    state = structuredClone(next.state); // The state is a serializable value.
    return next.change ? [`${next.change.type === 'alert-raised' ? '+' : '-'}${message.t}`] : [];
  });
}

const times = <T>(count: number, value: T): T[] => Array<T>(count).fill(value);

describe('a level alert', () => {
  const rule = { when: 'arousal', over: 0.6, clear: 0.4, for: '3s', hold: '2s' };

  test('is raised after `for` above it, and cleared after `hold` below `clear`', () => {
    expect(run(rule, frames([...times(4, 0), ...times(20, 0.7), ...times(20, 0.1)]))).toEqual(['+5', '-14']);
  });

  test('an interruption restarts the count; values between the two levels count for neither', () => {
    expect(run(rule, frames([...times(5, 0.7), 0.5, ...times(5, 0.7), 0.5, ...times(6, 0.7)]))).toEqual([
      '+9',
    ]);
    const wobbling = [...times(6, 0.7), ...Array.from({ length: 100 }, (_, i) => (i % 4 === 0 ? 0.1 : 0.5))];
    expect(run(rule, frames(wobbling))).toEqual(['+3']);
  });

  test('works in reverse for under', () => {
    const under = { when: 'valence', under: -0.5, for: '1s', hold: '1s' };
    const steps = [
      ...times(4, [-0.6, 0] as const),
      ...times(4, [-0.45, 0] as const),
      ...times(4, [-0.3, 0] as const),
    ];
    expect(run(under, frames(steps))).toEqual(['+1', '-5']);
  });

  test('is not exceeded by a step without music', () => {
    expect(run(rule, frames([...times(5, 0.7), 'silence', ...times(5, 0.7)]))).toEqual([]);
    expect(run(rule, frames([...times(6, 0.7), ...times(4, 'silence' as const)]))).toEqual(['+3', '-5']);
  });

  test('is not exceeded by the exact level', () => {
    expect(run({ ...rule, for: '0.5s' }, frames([0.6, 0.6, 0.600001]))).toEqual(['+1.5']);
  });
});

describe('silence and speech', () => {
  test('raise an alert after a time', () => {
    const steps = [0, ...times(10, 'silence' as const), ...times(4, 0)];
    expect(run({ when: 'silence', for: '4s' }, frames(steps))).toEqual(['+4.5', '-6.5']);
    expect(run({ when: 'speech', for: '4s' }, frames(steps))).toEqual([]);
    expect(run({ when: 'speech', for: '1s', hold: '0.5s' }, frames(['speech', 'speech', 0]))).toEqual([
      '+1',
      '-1.5',
    ]);
  });
});

describe('change', () => {
  const rule = { when: 'change', over: 0.1, within: '2s', hold: '1s' };

  test('raises an alert when faster than a rate over the whole span', () => {
    const ramp = Array.from({ length: 11 }, (_, i) => [0, i * 0.06] as const); // 0.12 a second
    const steps = [...times(10, [0, 0] as const), ...ramp, ...times(10, [0, 0.6] as const)];
    const [raised, cleared] = run(rule, frames(steps)) as [string, string];
    expect(Number(raised.slice(1))).toBeGreaterThan(5.5);
    expect(Number(raised.slice(1))).toBeLessThanOrEqual(8);
    expect(Number(cleared.slice(1))).toBeGreaterThan(10.5);
    expect(run({ ...rule, over: 0.13 }, frames(steps))).toEqual([]);
    expect(run({ ...rule, axis: 'valence' }, frames(steps))).toEqual([]);
  });

  test('is not measured across a silence', () => {
    expect(run(rule, frames([...times(5, -0.9), 'silence', ...times(4, 0.9)]))).toEqual([]);
  });
});

describe('a lost source', () => {
  test('is raised until it is back, also across the end of a run', () => {
    const rule = { when: 'source-lost' };
    expect(
      run(rule, [event('source-lost', 3), event('source-lost', 3), event('source-restored', 4)]),
    ).toEqual(['+3', '-4']);
    expect(run(rule, [event('stream-stopped', 5, 'no-file'), event('stream-started', 0)])).toEqual([
      '+5',
      '-0',
    ]);
    expect(run(rule, [event('stream-stopped', 5)])).toEqual([]);
    expect(run(rule, [event('source-lost', 3), ...frames(['silence', 0])])).toEqual(['+3', '-1']);
  });
});

test('the message of a source that is back', () => {
  const [rule] = [alertRule.parse({ name: 'r', when: 'source-lost' })];
  const lost = detect(rule, INITIAL, event('source-lost', 3));
  expect(detect(rule, lost.state, event('source-restored', 4)).change?.message).toBe('The source is back.');
});

test('the end of a stream clears its alerts', () => {
  const rule = { when: 'silence', for: '1s' };
  expect(run(rule, [...frames(times(4, 'silence' as const)), event('stream-stopped', 2)])).toEqual([
    '+1',
    '-2',
  ]);
});

test('raised and cleared alternate, starting with raised, for any frames', () => {
  const steps = fc.array(
    fc.oneof(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.constantFrom('silence' as const, 'speech' as const),
    ),
    { maxLength: 200 },
  );
  const rules: AlertRule[] = [
    { name: 'a', when: 'arousal', over: 0.2, for: '1s', hold: '0.5s' },
    { name: 'a', when: 'silence', for: '0.5s' },
    { name: 'a', when: 'change', axis: 'both', over: 0.2, within: '1s' },
  ];
  fc.assert(
    fc.property(steps, fc.constantFrom(...rules), (series, rule) => {
      const signs = run(rule, frames(series)).map((one) => one[0]);
      expect(signs.every((sign, i) => sign === (i % 2 === 0 ? '+' : '-'))).toBe(true);
    }),
  );
});

describe('an invalid rule', () => {
  test.each([
    [{ when: 'arousal', over: 2, for: '1s' }, 'expected -1 to 1'],
    [{ when: 'arousal', for: '1s' }, 'expected either "over" or "under"'],
    [{ when: 'arousal', over: 0.5, under: 0, for: '1s' }, 'expected either "over" or "under"'],
    [{ when: 'arousal', over: 0.5, clear: 0.6, for: '1s' }, 'expected a level not beyond'],
    [{ when: 'silence', for: 30 }, 'expected a duration such as "30s"'],
    [{ when: 'silence', for: '0s' }, 'expected a duration such as "30s"'],
    [{ when: 'noise' }, 'expected "when" to be one of'],
    [{ when: 'source-lost', for: '1s' }, 'Unrecognized key'],
  ])('%j', (rule, message) => {
    const result = alertRule.safeParse({ name: 'r', ...rule });
    expect(result.error?.issues[0]?.message).toContain(message);
  });

  test('two with the same name', () => {
    const rule = { name: 'r', when: 'source-lost' };
    expect(alertRules.safeParse([rule, rule]).error?.issues[0]?.message).toBe('expected each name once');
  });
});
