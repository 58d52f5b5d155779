import type { Logger } from 'pino';
import type { PublishedMessage, Sink } from '../types.ts';
import type { SinkKind } from './sink-kind.ts';
import { createWebhook, type Webhook, type WebhookSettings } from './webhook.ts';

/** All webhooks of the configuration. */
export interface Webhooks extends Required<Sink> {
  readonly all: readonly Webhook[];
  /** Applies a new configuration; a webhook with unchanged settings keeps its queue. */
  set(settings: readonly WebhookSettings[]): void;
}

/** Sends raised and cleared alerts to every webhook. */
export const webhooksSink: SinkKind<{ readonly webhooks: Webhooks }> = {
  name: 'webhooks',
  create: ({ webhooks }) => webhooks,
};

export function createWebhooks(settings: readonly WebhookSettings[], logger: Logger): Webhooks {
  let hooks: Webhook[] = [];
  const webhooks: Webhooks = {
    name: 'webhooks',
    get all() {
      return hooks;
    },
    set(next) {
      const before = hooks;
      hooks = next.map(
        (one) =>
          before.find((hook) => JSON.stringify(hook.settings) === JSON.stringify(one)) ??
          createWebhook({ ...one, logger }),
      );
      for (const hook of before) if (!hooks.includes(hook)) hook.close();
    },
    write({ message, run }: PublishedMessage) {
      if (message.type !== 'alert-raised' && message.type !== 'alert-cleared') return;
      for (const hook of hooks) hook.push(message, run);
    },
    counts: () => ({
      queued: hooks.reduce((sum, { counts }) => sum + counts.queued, 0),
      dropped: hooks.reduce((sum, { counts }) => sum + counts.dropped, 0),
    }),
    close() {
      for (const hook of hooks) hook.close();
    },
  };
  webhooks.set(settings);
  return webhooks;
}
