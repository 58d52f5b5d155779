import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { missing, serveWith } from '../serve-process.ts';
import { Client, sender, tone, until } from '../support.ts';
import { parseExposition } from './exposition.ts';

const havePromtool = spawnSync('promtool', ['--version'], { stdio: 'ignore' }).status === 0;
if (!havePromtool)
  console.warn('promtool (Debian: prometheus) is missing: /metrics is checked by our own parser.');

/** Every metric of the documentation, with its type. */
const EXPECTED: Readonly<Record<string, string>> = {
  undertone_info: 'gauge',
  undertone_steps_total: 'counter',
  undertone_step_latency_seconds: 'histogram',
  undertone_stream_up: 'gauge',
  undertone_stream_lag_seconds: 'gauge',
  undertone_stream_step_age_seconds: 'gauge',
  undertone_gaps_total: 'counter',
  undertone_gap_seconds_total: 'counter',
  undertone_source_lost_total: 'counter',
  undertone_log_queue: 'gauge',
  undertone_log_dropped_total: 'counter',
  undertone_log_failing: 'gauge',
  undertone_log_rows_total: 'counter',
  undertone_log_flush_seconds: 'histogram',
  undertone_live_clients: 'gauge',
  undertone_live_queue_bytes: 'gauge',
  undertone_live_skipped_total: 'counter',
  undertone_capacity_used: 'gauge',
  undertone_sockets: 'gauge',
  undertone_alerts_raised: 'gauge',
  undertone_webhook_queue: 'gauge',
  undertone_webhook_delivered_total: 'counter',
  undertone_webhook_dropped_total: 'counter',
  undertone_webhook_failed_tries_total: 'counter',
  undertone_sink_messages_total: 'counter',
  undertone_sink_faults_total: 'counter',
  undertone_sink_dropped_total: 'counter',
  undertone_sink_queue: 'gauge',
  undertone_http_requests_total: 'counter',
  undertone_refused_tokens_total: 'counter',
  undertone_refused_rates_total: 'counter',
  nodejs_eventloop_lag_seconds: 'gauge',
  process_resident_memory_bytes: 'gauge',
};

describe.skipIf(missing !== '')('/metrics of undertone serve', () => {
  test('is valid for Prometheus, has every documented metric, and labels streams', async () => {
    const { url, port } = await serveWith(
      { webhooks: [{ name: 'hook', url: 'http://127.0.0.1:9/', secret: { env: 'HOOK' } }] },
      { HOOK: 'a secret' },
    );
    const live = new Client({ port }, '/v1/live');
    const booth = await sender({ port }, 'booth');
    await booth.received('ready');
    // Samples that are not numbers become a gap.
    const broken = await sender({ port }, 'broken', { format: 'f32le' });
    await broken.received('ready');
    booth.socket.send(tone(2));
    const samples = new Float32Array(8_000).map((_, i) => Math.sin(i / 5) / 4);
    for (let i = 4_000; i < 4_100; i++) samples[i] = Number.NaN;
    broken.socket.send(Buffer.from(samples.buffer));
    broken.socket.send(Buffer.from(samples.buffer));
    await live.received('gap');
    await until(
      () => ['demo', 'booth'].every((name) => live.of('emotion').some(({ stream }) => stream === name)),
      'a step of each stream',
    );
    await live.received('emotion', 6);

    const answer = await fetch(`${url}metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    const families = parseExposition(text);
    expect(Object.fromEntries([...families].map(([name, { type }]) => [name, type]))).toMatchObject(EXPECTED);
    for (const name of ['undertone_steps_total', 'undertone_stream_up', 'undertone_stream_lag_seconds']) {
      const streams = families.get(name)!.samples.map(({ labels }) => labels.stream);
      expect(streams.sort()).toEqual(expect.arrayContaining(['booth', 'demo']));
    }
    const gaps = families.get('undertone_gaps_total')!.samples;
    expect(gaps).toEqual([
      expect.objectContaining({ labels: expect.objectContaining({ stream: 'broken' }) }),
    ]);
    expect(families.get('undertone_gap_seconds_total')!.samples[0]!.value).toBeGreaterThan(0);
    expect(families.get('undertone_live_clients')!.samples[0]!.value).toBe(1);
    expect(families.get('undertone_sockets')!.samples[0]!.value).toBe(3);
    // Three streams of the lite model, on any machine.
    expect(families.get('undertone_capacity_used')!.samples[0]!.value).toBeGreaterThan(0);

    if (havePromtool) {
      const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], { input: text });
      // Only Node's own metrics have names that promtool complains about.
      const problems = `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('undertone'));
      expect({ problems, broken: status === 1 }).toEqual({ problems: [], broken: false });
    }
  });
});
