import { createHash, createHmac } from 'node:crypto';
import type { Logger } from 'pino';
import type { StreamEvent } from '../types.ts';
import { VERSION } from '../util/package.ts';
import { createBackoff, type RetryOptions, wait } from '../util/retry.ts';
import { withTimeout } from '../util/with-timeout.ts';
import { createDeliveryQueue } from './delivery-queue.ts';

export type AlertEvent = Extract<StreamEvent, { readonly type: 'alert-raised' | 'alert-cleared' }>;

export interface WebhookSettings {
  readonly name: string;
  readonly url: string;
  readonly secret: string;
  /** Sends alerts of these streams only; undefined: of all. */
  readonly streams: readonly string[] | undefined;
}

export interface WebhookOptions extends WebhookSettings, Partial<RetryOptions> {
  readonly logger: Logger;
  /** Capacity of the queue; further alerts are dropped and counted. */
  readonly maxQueued?: number;
  /** Attempts per alert, after which it is dropped. */
  readonly tries?: number;
  readonly timeoutMs?: number;
}

const DEFAULTS = { maxQueued: 256, retryMs: 1_000, maxRetryMs: 300_000, tries: 12, timeoutMs: 10_000 };

export interface Webhook {
  readonly settings: WebhookSettings;
  readonly counts: {
    readonly queued: number;
    readonly delivered: number;
    readonly dropped: number;
    readonly failedTries: number;
  };
  /** Queues an event of `run`, unless it is queued already. */
  push(event: AlertEvent, run: number): void;
  /** Queues another message, unless it is queued already. */
  send(delivery: Delivery): void;
  /** Drops queued alerts and logs them. */
  close(): void;
}

/** A message to a webhook. */
export interface Delivery {
  /** The same for a message that is sent again, so that receivers can recognize duplicates. */
  readonly id: string;
  readonly body: string;
  /** For the log. */
  readonly summary: string;
}

/**
 * Posts alerts to one URL, in order and one at a time. Each is retried until it is accepted (any 2xx) or `tries`
 * attempts have failed, which takes about half an hour. The queue is in memory only; the alerts themselves are in
 * the log.
 */
export function createWebhook(options: WebhookOptions): Webhook {
  const { name, url, secret, streams, logger, ...limits } = { ...DEFAULTS, ...options };
  let failedTries = 0;
  const queue = createDeliveryQueue<Delivery>({
    maxQueued: limits.maxQueued,
    deliver: ([delivery], signal) => deliver(delivery, signal),
    onDropped: ({ id, summary }, reason) =>
      logger.error({ webhook: name, id }, `The webhook ${name} dropped "${summary}": ${reason}.`),
  });

  return {
    settings: { name, url, secret, streams },
    get counts() {
      const { items, delivered, dropped } = queue;
      return { queued: items.length, delivered, dropped, failedTries };
    },
    push(event, run) {
      if (queue.closed || (streams && !streams.includes(event.stream))) return;
      send(deliveryOf(event, run));
    },
    send,
    close: () => queue.close(),
  };

  function send(delivery: Delivery): void {
    if (queue.closed || queue.items.some(({ id }) => id === delivery.id)) return;
    queue.push(delivery);
  }

  async function deliver(delivery: Delivery, signal: AbortSignal): Promise<string | undefined> {
    const { tries } = limits;
    const backoff = createBackoff(limits);
    for (let attempt = 1; ; attempt++) {
      const failure = await post(delivery, signal);
      if (failure === undefined || signal.aborted) return undefined;
      failedTries++;
      if (attempt >= tries) return `${tries} attempts failed (${failure})`;
      if (attempt === 1)
        logger.warn({ webhook: name }, `The webhook ${name} did not accept an alert (${failure}): retrying.`);
      await wait(backoff.nextMs(), signal);
      if (signal.aborted) return undefined;
    }
  }

  /** Returns the error, or undefined if the alert was accepted. It omits the URL, which may contain a secret. */
  async function post({ id, body }: Delivery, signal: AbortSignal): Promise<string | undefined> {
    const seconds = Math.floor(Date.now() / 1000);
    try {
      return await withTimeout(limits.timeoutMs, signal, async (ends) => {
        const response = await fetch(url, {
          method: 'POST',
          body,
          redirect: 'error',
          headers: {
            'Content-Type': 'application/json',
            'User-Agent': `undertone/${VERSION}`,
            ...signed(secret, id, seconds, body),
          },
          signal: ends,
        });
        await response.body?.cancel();
        return response.ok ? undefined : `it answered ${response.status}`;
      });
    } catch (cause) {
      const { name, cause: inner } = cause as Error;
      if (name === 'TimeoutError') return `no answer within ${limits.timeoutMs / 1000} s`;
      return (inner as NodeJS.ErrnoException | undefined)?.code ?? 'it cannot be reached';
    }
  }
}

/** The id is a hash of the event, so that receivers can recognize duplicates. */
function deliveryOf(event: AlertEvent, run: number): Delivery {
  const { type, ...data } = event;
  const id = createHash('sha256')
    .update(JSON.stringify([run, event]))
    .digest('hex')
    .slice(0, 32);
  const body = JSON.stringify({
    type: type.replace('-', '.'),
    timestamp: event.time,
    data: { ...data, run },
  });
  return { id: `msg_${id}`, body, summary: `${event.stream}: ${type} ${event.alert}` };
}

/** The headers of Standard Webhooks (standardwebhooks.com), which its libraries verify. */
export function signed(secret: string, id: string, seconds: number, body: string): Record<string, string> {
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  };
}

/** The key of a secret: base64 after `whsec_`, as in the standard, or any other text unchanged. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
}
