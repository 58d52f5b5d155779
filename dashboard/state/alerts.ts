import { computed } from '@preact/signals';
import type { ActiveAlert } from '../../src/types.ts';
import { pulse, records } from './store.ts';

/** An alert with the stream that it is of. */
export type StreamAlert = ActiveAlert & { readonly stream: string };

/** Alerts of all streams that are raised now, newest first. */
export const alerts = computed<readonly StreamAlert[]>(() => {
  pulse.value;
  const all = [...records.values()].flatMap(({ name, alerts }) =>
    alerts.map((alert) => ({ ...alert, stream: name })),
  );
  return all.sort((a, b) => b.time.localeCompare(a.time));
});
