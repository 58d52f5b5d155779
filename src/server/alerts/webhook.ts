import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { StreamEvent } from '../../types.ts';
import { VERSION } from '../../version.ts';
import { signed } from './sign.ts';

export type AlertEvent = Extract<StreamEvent, { readonly type: 'alert-raised' | 'alert-cleared' }>;

export interface WebhookSettings {
  readonly name: string;
  readonly url: string;
  readonly secret: string;
  /** Only of these; undefined: of all. */
  readonly streams: readonly string[] | undefined;
}

export interface WebhookOptions extends WebhookSettings {
  readonly logger: Logger;
  /** Alerts that wait at most; what comes then is dropped and counted. */
  readonly maxQueued?: number;
  /** Wait after the first try; it doubles up to `maxRetryMs`. */
  readonly retryMs?: number;
  readonly maxRetryMs?: number;
  /** After so many tries a message is given up. */
  readonly tries?: number;
  readonly timeoutMs?: number;
}

const DEFAULTS = { maxQueued: 256, retryMs: 1_000, maxRetryMs: 300_000, tries: 12, timeoutMs: 10_000 };

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
export class Webhook {
  readonly #options: Required<Omit<WebhookOptions, 'streams'>> & Pick<WebhookOptions, 'streams'>;
  readonly #queue: Delivery[] = [];
  readonly #abort = new AbortController();
  #working = false;
  #delivered = 0;
  #dropped = 0;
  #failedTries = 0;

  constructor(options: WebhookOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  get settings(): WebhookSettings {
    const { name, url, secret, streams } = this.#options;
    return { name, url, secret, streams };
  }

  get counts() {
    return {
      queued: this.#queue.length,
      delivered: this.#delivered,
      dropped: this.#dropped,
      failedTries: this.#failedTries,
    };
  }

  push(event: AlertEvent, run: number): void {
    const { streams, maxQueued, name } = this.#options;
    if (this.#abort.signal.aborted || (streams && !streams.includes(event.stream))) return;
    const delivery = deliveryOf(event, run);
    if (this.#queue.some(({ id }) => id === delivery.id)) return;
    if (this.#queue.length >= maxQueued) {
      this.#drop(delivery, `${maxQueued} wait already`);
      return;
    }
    this.#queue.push(delivery);
    if (this.#working) return;
    this.#working = true;
    void this.#work().catch((err) =>
      this.#options.logger.error({ webhook: name, err }, 'The webhook failed.'),
    );
  }

  /** Gives up what waits, and says so. */
  close(): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort();
    for (const delivery of this.#queue.splice(0)) this.#drop(delivery, 'the server goes down');
  }

  async #work(): Promise<void> {
    try {
      for (let delivery = this.#queue[0]; delivery; delivery = this.#queue[0]) {
        await this.#deliver(delivery);
        if (this.#abort.signal.aborted) return;
        this.#queue.shift();
      }
    } finally {
      this.#working = false;
    }
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { retryMs, maxRetryMs, tries, logger, name } = this.#options;
    const { signal } = this.#abort;
    for (let attempt = 1; ; attempt++) {
      const fault = await this.#post(delivery);
      if (signal.aborted) return;
      if (fault === undefined) {
        this.#delivered++;
        return;
      }
      this.#failedTries++;
      if (attempt >= tries) {
        this.#drop(delivery, `it was tried ${tries} times (${fault})`);
        return;
      }
      if (attempt === 1)
        logger.warn({ webhook: name }, `The webhook ${name} did not take an alert (${fault}): trying again.`);
      const waitMs = Math.min(maxRetryMs, retryMs * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2);
      await sleep(waitMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
    }
  }

  /** What went wrong; undefined where it was taken. The address is not told: it may hold a secret. */
  async #post({ id, body }: Delivery): Promise<string | undefined> {
    const { url, secret, timeoutMs } = this.#options;
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
        signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(timeoutMs)]),
      });
      await response.body?.cancel();
      return response.ok ? undefined : `it answered ${response.status}`;
    } catch (cause) {
      const { name, cause: inner } = cause as Error;
      if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
      return (inner as NodeJS.ErrnoException | undefined)?.code ?? 'it cannot be reached';
    }
  }

  #drop({ id, what }: Delivery, why: string): void {
    this.#dropped++;
    const { logger, name } = this.#options;
    logger.error({ webhook: name, id }, `The webhook ${name} did not get "${what}", as ${why}.`);
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
