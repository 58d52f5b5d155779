import { BadSink } from '../sink-uri.ts';
import { parseHostPort } from './host.ts';
import { post, rejectionOf } from './http-post.ts';
import { lineOf } from './line-protocol.ts';
import { createPointTimes } from './point-times.ts';
import type { SinkTarget, StreamSinkKind } from './stream-sink-kind.ts';

const POST_MS = 8_000;

/**
 * InfluxDB's line protocol over HTTP: version 2 and 3 with a bucket and a token, version 1 with a database and,
 * where needed, a user and a password. Servers such as VictoriaMetrics, QuestDB and Telegraf accept it, too.
 */
export const influxSink: StreamSinkKind = {
  schemes: ['influx', 'influxs'],
  usage: 'influx://HOST[:PORT]',
  about: 'InfluxDB line protocol over HTTP, or influxs:// over HTTPS',
  example: 'influx://127.0.0.1:8086?org=radio&bucket=mood&secretEnv=INFLUX_TOKEN&every=5s',
  params: ['bucket', 'org', 'db', 'measurement'],
  remote: true,
  live: false,
  maxQueued: 20_000,
  batch: { maxItems: 1_000, waitMs: 5_000 },
  wholeFrames: false,
  defaults: [
    ...['valence', 'arousal', 'valenceSd', 'arousalSd', 'confidence', 'mood', 'activity', 'loudness'],
    'forecast/5',
  ].map((value) => ({ value })),
  create(target) {
    if (!target.path.startsWith('//')) throw new BadSink(`expected ${target.scheme}://HOST:PORT`);
    const { host, port } = parseHostPort(target.path.slice(2), 8086);
    const measurement = target.params.get('measurement') ?? 'undertone';
    if (!/^[^_\s][^\r\n]*$/.test(measurement))
      throw new BadSink('expected a measurement such as "undertone"');
    if ((target.values ?? []).some(({ as }) => /^(time|stream)$|[\r\n]/.test(as ?? '')))
      throw new BadSink('expected other names of fields than "time" and "stream"');
    const url = writeUrl(
      target,
      `${target.scheme === 'influxs' ? 'https' : 'http'}://${bracketed(host)}:${port}`,
    );
    const timeOf = createPointTimes();
    const headers = { 'Content-Type': 'text/plain; charset=utf-8', ...authorization(target) };
    return {
      host,
      async open({ guard, signal }) {
        return {
          provenBySend: true,
          async send(steps) {
            const body = steps.map((step) => lineOf(measurement, step, timeOf(step))).join('');
            if (body === '') return undefined;
            return rejectionOf(await post(url, { headers, body, guard, signal, timeoutMs: POST_MS }));
          },
          close() {},
        };
      },
    };
  },
};

/** @throws BadSink */
function writeUrl({ params }: SinkTarget, origin: string): URL {
  const [bucket, db] = [params.get('bucket'), params.get('db')];
  if ((bucket === undefined) === (db === undefined))
    throw new BadSink('expected either the option bucket (InfluxDB 2 and 3) or db (InfluxDB 1)');
  if (db !== undefined && params.has('org')) throw new BadSink('expected no option org beside db');
  const url = new URL(bucket === undefined ? '/write' : '/api/v2/write', origin);
  for (const [name, value] of Object.entries({ db, org: params.get('org'), bucket }))
    if (value !== undefined) url.searchParams.set(name, value);
  url.searchParams.set('precision', 'ms');
  return url;
}

function authorization({ params, user, secret }: SinkTarget): Record<string, string> {
  if (secret === undefined) return {};
  const isToken = params.has('bucket') && user === undefined;
  const credentials = Buffer.from(`${user ?? ''}:${secret}`).toString('base64');
  return { Authorization: isToken ? `Token ${secret}` : `Basic ${credentials}` };
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
