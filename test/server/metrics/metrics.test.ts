import { describe, expect, test, vi } from 'vitest';
import { OTHERS, StreamLabels } from '../../../src/server/metrics/metrics.ts';
import { Client, manualSource, startServer } from '../support.ts';

const WAIT = { timeout: 60_000, interval: 20 };

async function scrape(server: { url: string }): Promise<Map<string, number>> {
  const response = await fetch(`${server.url}metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

describe('/metrics', () => {
  test('counts per stream', async () => {
    const a = manualSource();
    const server = await startServer({ sources: [{ name: 'a', source: a.source }] });
    const live = new Client(server, '/v1/live');
    await live.received('hello');
    await a.steps(5);
    await a.notice('Gone.');
    await live.received('source-lost');
    await fetch(`${server.url}v1/streams/nobody`);
    // The log commits after the steps.
    const metrics = await vi.waitFor(async () => {
      const now = await scrape(server);
      expect(now.get('undertone_log_queue')).toBe(0);
      expect(now.get('undertone_log_rows_total')).toBeGreaterThanOrEqual(7);
      return now;
    }, WAIT);
    expect(Object.fromEntries(metrics)).toMatchObject({
      'undertone_steps_total{stream="a"}': 5,
      'undertone_source_lost_total{stream="a"}': 1,
      'undertone_stream_up{stream="a"}': 0.5,
      undertone_step_latency_seconds_count: 5,
      'undertone_stream_lag_seconds{stream="a"}': expect.closeTo(0.0041),
      undertone_live_clients: 1,
      undertone_sockets: 1,
      undertone_log_failing: 0,
      undertone_live_skipped_total: 0,
      'undertone_http_requests_total{method="GET",status="404"}': 1,
    });
    expect(metrics.get('undertone_stream_step_age_seconds{stream="a"}')).toBeGreaterThan(0);
    expect(metrics.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    expect(metrics.get('process_resident_memory_bytes')).toBeGreaterThan(0);
  });

  test('needs a token with the scope watch, where tokens are required', async () => {
    const server = await startServer({ token: 'sesame' });
    expect((await fetch(`${server.url}metrics`)).status).toBe(401);
    expect(
      (await fetch(`${server.url}metrics`, { headers: { authorization: 'Bearer sesame' } })).status,
    ).toBe(200);
  });

  test('limits the number of stream labels', () => {
    const labels = new StreamLabels(2);
    expect(['a', 'b', 'c', 'a', 'd'].map((name) => labels.of(name))).toEqual(['a', 'b', OTHERS, 'a', OTHERS]);
  });
});

describe('/readyz', () => {
  test('reports the state without the names of streams', async () => {
    const a = manualSource();
    const sources = [
      { name: 'private-name', source: a.source },
      { name: 'other', source: manualSource().source },
    ];
    const server = await startServer({ sources });
    const ready = async () => {
      const response = await fetch(`${server.url}readyz`);
      return { status: response.status, text: await response.text() };
    };
    expect(JSON.parse((await ready()).text)).toMatchObject({
      status: 'ready',
      log: 'ok',
      reasons: [],
      streams: { running: 2, lost: 0, failed: 0 },
    });
    await a.notice('Gone.');
    const degraded = await vi.waitFor(async () => {
      const now = await ready();
      expect(JSON.parse(now.text)).toMatchObject({
        status: 'degraded',
        streams: { running: 1, lost: 1, failed: 0 },
      });
      return now;
    }, WAIT);
    expect(degraded.status).toBe(200);
    expect(degraded.text).not.toContain('private-name');
  });
});
