import { z } from 'zod';
import type { Log } from '../../log/log.ts';
import type { StreamInfo } from '../../types.ts';
import { type App, json, route, unchecked } from '../http/route.ts';
import type { Hub } from '../streams/hub.ts';
import type { Metrics } from './metrics.ts';

export interface MetricsServices {
  readonly hub: Hub;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly about: { readonly version: string; readonly model: string };
}

const tags = ['Server'];

const healthz = route(null, {
  method: 'get',
  path: '/healthz',
  tags,
  summary: 'Check the health of the server',
  responses: {
    200: json(
      z.object({
        status: z.enum(['ok', 'degraded']),
        version: z.string(),
        log: z.enum(['ok', 'failing']),
        logDropped: z.int(),
        streams: z.int().meta({ description: 'Streams that run, also those whose source is lost.' }),
      }),
      '`degraded` while the log cannot be written.',
    ),
  },
});

const readiness = z
  .object({
    status: z.enum(['ready', 'degraded', 'not-ready']),
    log: z.enum(['ok', 'failing']),
    model: z.string(),
    streams: z
      .object({ running: z.int(), lost: z.int(), failed: z.int() })
      .meta({ description: 'Each stream counts once: `lost` while its source is lost, else `running`.' }),
    reasons: z.array(z.string()).meta({ description: 'Each problem as one sentence.' }),
  })
  .meta({ id: 'Readiness' });

const readyz = route(null, {
  method: 'get',
  path: '/readyz',
  tags,
  summary: 'Check whether the server is ready',
  description:
    'The server listens only after its model is loaded and its log is open; before that, connections are refused.',
  responses: {
    200: json(readiness, 'Ready; `degraded` if a source is lost or a stream has failed.'),
    503: json(readiness, 'Not ready: the log cannot be written, or the server is shutting down.'),
  },
});

const metricsText = route('watch', {
  method: 'get',
  path: '/metrics',
  tags,
  summary: 'Get the metrics for Prometheus',
  responses: {
    200: { description: 'The text format of Prometheus.', content: { 'text/plain': { schema: z.string() } } },
  },
});

export function metricsRoutes(app: App, { hub, log, metrics, about }: MetricsServices): void {
  app.openapi(healthz, (c) =>
    c.json(
      {
        status: log.failing ? 'degraded' : 'ok',
        version: about.version,
        log: log.failing ? 'failing' : 'ok',
        logDropped: log.dropped,
        streams: hub.running,
      },
      200,
    ),
  );

  app.openapi(readyz, (c) => {
    const all = hub.list();
    const count = (wanted: StreamInfo['state']) => all.filter(({ state }) => state === wanted).length;
    const [running, lost] = [count('running'), count('lost')];
    const failed = all.filter(({ stream, state }) => state === 'stopped' && hub.failed(stream)).length;
    const isDown = log.failing || hub.closing;
    const status = isDown ? 'not-ready' : lost + failed > 0 ? 'degraded' : 'ready';
    // No token is needed here, so the names of the streams are left out.
    const reasons = [
      ...(log.failing ? ['The log cannot be written.'] : []),
      ...(hub.closing ? ['The server is shutting down.'] : []),
      ...(lost > 0 ? [`Streams with a lost source: ${lost}.`] : []),
      ...(failed > 0 ? [`Streams that stopped on an error: ${failed}.`] : []),
    ];
    const logState = log.failing ? 'failing' : 'ok';
    const streams = { running, lost, failed };
    const body = { status, log: logState, model: about.model, streams, reasons } as const;
    return isDown ? c.json(body, 503) : c.json(body, 200);
  });

  app.openapi(metricsText, async (c) => {
    const { type, body } = await metrics.text();
    return unchecked(c.body(body, 200, { 'Content-Type': type, 'Cache-Control': 'no-store' }));
  });
}
