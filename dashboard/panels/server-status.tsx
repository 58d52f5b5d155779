import { fixed, UNKNOWN } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { chosen, chosenRecord, chosenVersion, server } from '../state/streams.ts';

/** What the server is and how far behind the audio it is: a popover, for those who look after it. */
export function ServerStatus() {
  chosenVersion.value;
  const { version, model, engine } = server.value ?? {};
  const record = chosenRecord.value;
  const latency = record?.last?.latencyMs;
  return (
    <section id="server-status" class="server-status" popover="auto" aria-labelledby="server-status-head">
      <h2 id="server-status-head">{t('server.status')}</h2>
      <dl>
        <dt>{t('server.server')}</dt>
        <dd>undertone {version ?? UNKNOWN}</dd>
        <dt>{t('server.model')}</dt>
        <dd>{model ?? UNKNOWN}</dd>
        <dt>{t('server.engine')}</dt>
        <dd>{engine ?? UNKNOWN}</dd>
        <dt>{t('server.stream')}</dt>
        <dd>{chosen.value ?? UNKNOWN}</dd>
        <dt>{t('server.source')}</dt>
        <dd>{record?.source || UNKNOWN}</dd>
        <dt>{t('server.latency')}</dt>
        <dd>{latency == null ? UNKNOWN : `${fixed(latency, 1)} ms`}</dd>
      </dl>
    </section>
  );
}
