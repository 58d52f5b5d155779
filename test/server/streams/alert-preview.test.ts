import { expect, test } from 'vitest';
import { createClient } from '../../../src/client/index.ts';
import { previewAlerts } from '../../../src/server/streams/alert-preview.ts';
import type { AlertRule } from '../../../src/sinks/alerts/rule.ts';
import type { EmotionFrame, StreamEvent } from '../../../src/types.ts';
import { frameOf, manualSource, startServer, until } from '../support.ts';

const DAY_MS = Date.parse('2026-11-20T00:00:00Z');
const SILENCE: AlertRule = { name: 'quiet', when: 'silence', for: '10s' };
const LOSS: AlertRule = { name: 'lost', when: 'source-lost' };
const RANGE = { fromMs: DAY_MS, toMs: DAY_MS + 86_400_000 };

const timeOf = (seconds: number) => new Date(DAY_MS + seconds * 1000).toISOString();

/** A log with music, and silence between the seconds given. */
function logOf(
  seconds: number,
  silences: readonly (readonly [number, number])[],
  events: StreamEvent[] = [],
) {
  const frames = Array.from({ length: seconds * 2 }, (_, seq): EmotionFrame => {
    const t = 0.5 * (seq + 1);
    const silent = silences.some(([from, to]) => t > from && t <= to);
    const frame = frameOf('a', 0, DAY_MS + t * 1000);
    return { ...frame, seq, t, activity: silent ? 'silence' : 'music' };
  });
  return {
    events: () => events,
    async *frames() {
      for (let i = 0; i < frames.length; i += 100) yield frames.slice(i, i + 100);
    },
  };
}

test('a preview counts what the rules would have done, with the same detection as live', async () => {
  const lost = { stream: 'a', t: 200, time: timeOf(200), message: 'No sound.', type: 'source-lost' } as const;
  const log = logOf(
    300,
    [
      [20, 40],
      [60, 65],
      [290, 400],
    ],
    [lost],
  );
  expect(await previewAlerts(log, 'a', [SILENCE, LOSS], RANGE)).toEqual({
    alerts: [
      { alert: 'quiet', from: timeOf(30), to: timeOf(41), message: 'There was silence for 10s.' },
      { alert: 'lost', from: timeOf(200), to: timeOf(200), message: 'The source was lost. No sound.' },
      { alert: 'quiet', from: timeOf(300), to: null, message: 'There was silence for 10s.' },
    ],
    counts: { quiet: 2, lost: 1 },
    frames: 600,
  });
});

test('the API previews rules on the log and lists the events of a stream, and changes nothing', async () => {
  const input = manualSource();
  const server = await startServer({ sources: [{ name: 'a', source: input.source }] });
  await input.steps(20);
  const { streams } = createClient({ url: server.url });
  await until(() => server.hub.get('a')?.last?.seq === 19, 'the last step');

  const rule: AlertRule = { name: 'low', when: 'arousal', under: 0, for: '1s' };
  const preview = await streams.previewAlerts('a', [rule]);
  expect(preview.frames).toBe(20);
  expect(preview.counts.low).toBeGreaterThan(0);
  expect(await streams.alerts('a')).toEqual({ rules: [], from: 'config' });

  await input.notice('The cable was pulled.');
  await input.steps(1);
  const lost = { type: 'source-lost', message: 'The cable was pulled.' };
  expect(await streams.events('a', { type: 'source' })).toMatchObject([lost]);
  expect(await streams.events('a', { limit: 1 })).toMatchObject([lost]);
  await expect(streams.events('b')).rejects.toMatchObject({ code: 'unknown-stream' });
  await expect(streams.previewAlerts('a', [rule], { from: '2020-01-01' })).rejects.toMatchObject({
    code: 'bad-request',
  });
});
