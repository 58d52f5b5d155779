import { fixed, UNKNOWN } from '../state/format.ts';
import { chosen, chosenRecord, server, updates } from '../state/streams.ts';

/** What the server is and how far behind the audio it is: a popover, for those who look after it. */
export function ServerStatus() {
  updates.value;
  const { version, model, engine } = server.value ?? {};
  const record = chosenRecord.value;
  const latency = record?.last?.latencyMs;
  return (
    <section id="server-status" class="server-status" popover="auto" aria-labelledby="server-status-head">
      <h2 id="server-status-head">Status</h2>
      <dl>
        <dt>Server</dt>
        <dd>undertone {version ?? UNKNOWN}</dd>
        <dt>Model</dt>
        <dd>{model ?? UNKNOWN}</dd>
        <dt>Engine</dt>
        <dd>{engine ?? UNKNOWN}</dd>
        <dt>Stream</dt>
        <dd>{chosen.value ?? UNKNOWN}</dd>
        <dt>Source</dt>
        <dd>{record?.source || UNKNOWN}</dd>
        <dt>Latency</dt>
        <dd>{latency == null ? UNKNOWN : `${fixed(latency, 1)} ms`}</dd>
      </dl>
    </section>
  );
}
