import type { Logger } from 'pino';
import type { StreamMessage } from '../../types.ts';
import { Webhook, type WebhookSettings } from './webhook.ts';

/** All webhooks; one that a new configuration has as it was keeps what waits in it. */
export class Webhooks {
  readonly #logger: Logger;
  #hooks: Webhook[] = [];

  constructor(settings: readonly WebhookSettings[], logger: Logger) {
    this.#logger = logger;
    this.set(settings);
  }

  get all(): readonly Webhook[] {
    return this.#hooks;
  }

  set(settings: readonly WebhookSettings[]): void {
    const before = this.#hooks;
    this.#hooks = settings.map(
      (one) =>
        before.find((hook) => JSON.stringify(hook.settings) === JSON.stringify(one)) ??
        new Webhook({ ...one, logger: this.#logger }),
    );
    for (const hook of before) if (!this.#hooks.includes(hook)) hook.close();
  }

  hear(message: StreamMessage, run: number): void {
    if (message.type !== 'alert-raised' && message.type !== 'alert-cleared') return;
    for (const hook of this.#hooks) hook.push(message, run);
  }

  close(): void {
    for (const hook of this.#hooks) hook.close();
  }
}
