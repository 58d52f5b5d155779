import { createHash } from 'node:crypto';
import { BadSink, checkParams } from '../sink-uri.ts';
import { signed } from '../webhook.ts';
import { post, rejectionOf } from './http-post.ts';
import type { SinkStep, StreamSinkKind } from './stream-sink-kind.ts';

const POST_MS = 8_000;

/**
 * Posts the values of a step as JSON, signed like alerts if there is a secret: `{"type": "values", "timestamp",
 * "data": {"stream", "t", "values": {"arousal": 0.62}}}`.
 */
export const webhookSink: StreamSinkKind = {
  schemes: ['webhook'],
  usage: 'webhook:URL',
  about: 'a web address that values are posted to as JSON: Node-RED, n8n, Home Assistant',
  example: 'webhook:http://127.0.0.1:1880/mood?value=arousal&on=0.6&off=0.4',
  params: undefined,
  remote: true,
  live: false,
  maxQueued: 256,
  wholeFrames: false,
  create(target) {
    const url = URL.canParse(target.path) ? new URL(target.path) : undefined;
    if (!url || !/^https?:$/.test(url.protocol))
      throw new BadSink('expected a web address such as "webhook:https://example.org/hook"');
    for (const [name, value] of target.params) url.searchParams.set(name, value);
    // A query that is not made of options alone, such as `?debug&value=arousal`, is still in the path.
    checkParams({ ...target, params: new Map(url.searchParams) }, webhookSink.params);
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      async open({ guard, signal }) {
        return {
          provenBySend: true,
          async send([step]) {
            const body = bodyOf(step);
            const id = `msg_${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;
            const seconds = Math.floor(Date.now() / 1000);
            const headers = {
              'Content-Type': 'application/json',
              ...(target.secret !== undefined && signed(target.secret, id, seconds, body)),
            };
            return rejectionOf(await post(url, { headers, body, guard, signal, timeoutMs: POST_MS }));
          },
          close() {},
        };
      },
    };
  },
};

const bodyOf = ({ stream, t, timeMs, values }: SinkStep): string =>
  JSON.stringify({
    type: 'values',
    timestamp: new Date(timeMs).toISOString(),
    data: {
      stream,
      t,
      values: Object.fromEntries(values.map(({ name, as = name, value }) => [as, value])),
    },
  });
