import { createHash, createHmac } from 'node:crypto';
import type { Logger } from 'pino';
import type { StreamEvent } from '../types.ts';
import { VERSION } from '../util/package.ts';
import { createBackoff, type RetryOptions, wait } from '../util/retry.ts';
import { createDeliveryQueue } from './delivery-queue.ts';

export type AlertEvent = Extract<StreamEvent, { readonly type: 'alert-raised' | 'alert-cleared' }>;

export interface WebhookSettings {
  readonly name: string;
  readonly url: string;
  readonly secret: string;
  /** Only of these; undefined: of all. */
  readonly streams: readonly string[] | undefined;
}

export interface WebhookOptions extends WebhookSettings, Partial<RetryOptions> {
  readonly logger: Logger;
  /** Alerts that wait at most; what comes then is dropped and counted. */
  readonly maxQueued?: number;
  /** After so many tries an alert is dropped. */
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
  /** Queues an event of `run`; one that waits already is not queued twice. */
  push(event: AlertEvent, run: number): void;
  /** Drops what waits, and logs it. */
  close(): void;
}

interface Delivery {
  readonly id: string;
  readonly body: string;
  readonly what: string;
}

/**
 * Posts alerts to one address, one after the other in their order, each until it is taken (any 2xx) or was
 * tried `tries` times, over about half an hour. What waits lies in memory: it is lost with the process, but
 * the log has the alerts themselves.
 */
export function createWebhook(options: WebhookOptions): Webhook {
  const { name, url, secret, streams, logger, ...limits } = { ...DEFAULTS, ...options };
  let failedTries = 0;
  const queue = createDeliveryQueue<Delivery>({
    maxQueued: limits.maxQueued,
    deliver,
    onDropped: ({ id, what }, reason) =>
      logger.error({ webhook: name, id }, `The webhook ${name} did not get "${what}", as ${reason}.`),
  });

  return {
    settings: { name, url, secret, streams },
    get counts() {
      const { items, delivered, dropped } = queue;
      return { queued: items.length, delivered, dropped, failedTries };
    },
    push(event, run) {
      if (queue.closed || (streams && !streams.includes(event.stream))) return;
      const delivery = deliveryOf(event, run);
      if (queue.items.some(({ id }) => id === delivery.id)) return;
      queue.push(delivery);
    },
    close: () => queue.close(),
  };

  async function deliver(delivery: Delivery, signal: AbortSignal): Promise<string | undefined> {
    const { tries } = limits;
    const backoff = createBackoff(limits);
    for (let attempt = 1; ; attempt++) {
      const fault = await post(delivery, signal);
      if (fault === undefined || signal.aborted) return undefined;
      failedTries++;
      if (attempt >= tries) return `it was tried ${tries} times (${fault})`;
      if (attempt === 1)
        logger.warn({ webhook: name }, `The webhook ${name} did not take an alert (${fault}): trying again.`);
      await wait(backoff.nextMs(), signal);
      if (signal.aborted) return undefined;
    }
  }

  /** The fault; undefined where the alert was taken. It does not name the address, which may hold a secret. */
  async function post({ id, body }: Delivery, signal: AbortSignal): Promise<string | undefined> {
    const seconds = Math.floor(Date.now() / 1000);
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        redirect: 'error',
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': `undertone/${VERSION}`,
          ...signed(secret, id, seconds, body),
        },
        signal: AbortSignal.any([signal, AbortSignal.timeout(limits.timeoutMs)]),
      });
      await response.body?.cancel();
      return response.ok ? undefined : `it answered ${response.status}`;
    } catch (cause) {
      const { name, cause: inner } = cause as Error;
      if (name === 'TimeoutError') return `no answer within ${limits.timeoutMs / 1000} s`;
      return (inner as NodeJS.ErrnoException | undefined)?.code ?? 'it cannot be reached';
    }
  }
}

/** The same event has the same id, whoever sends it and however often. */
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
  return { id: `msg_${id}`, body, what: `${event.stream}: ${type} ${event.alert}` };
}

/** The headers of Standard Webhooks (standardwebhooks.com): any of its libraries can check them. */
function signed(secret: string, id: string, seconds: number, body: string): Record<string, string> {
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  };
}

/** `whsec_` and base64, as the standard has it, or any other text as it is. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
}
