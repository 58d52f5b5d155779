import './alerts.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { acknowledge, isAcknowledged, mute, muteUntil, newAlerts } from '../state/alert-attention.ts';
import { timeOfDay } from '../state/dates.ts';
import { alertText } from '../state/event-text.ts';
import { clock } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { alerts, type StreamAlert, streamNames } from '../state/streams.ts';
import { showStream } from '../state/view.ts';
import { useCloseOutside } from './use-close-outside.ts';

/** The raised alerts of all streams as one line of the header, which opens the list of them. Takes no extra room. */
export function Alerts() {
  const all = alerts.value;
  const [newest] = all;
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  useCloseOutside(root, open);
  useEffect(() => {
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') open.value = false;
    };
    document.addEventListener('keydown', closeByKey);
    return () => document.removeEventListener('keydown', closeByKey);
  }, []);
  return (
    <div class="alerts" ref={root}>
      <p class="visually-hidden" aria-live="polite">
        {newest !== undefined && t('alerts.spoken', { stream: newest.stream, message: alertText(newest) })}
      </p>
      {newest !== undefined && (
        <button
          type="button"
          class="alerts-button"
          data-new={newAlerts.value.length > 0}
          aria-expanded={open.value}
          onClick={() => {
            open.value = !open.value;
          }}
        >
          <b>{t('alerts.count', { count: all.length })}</b>
          <span class="alerts-newest clamped">
            {/* One text: a longer name would move the other. */}
            {`${streamNames.value.length > 1 ? `${newest.stream}: ` : ''}${alertText(newest)}`}
          </span>
        </button>
      )}
      {open.value && (
        <ul class="alerts-list" aria-label={t('alerts.title')}>
          {all.map((one) => (
            <li key={`${one.stream} ${one.alert}`}>
              <button
                type="button"
                onClick={() => {
                  open.value = false;
                  showStream(one.stream);
                }}
              >
                <b>{one.stream}</b> {alertText(one)}{' '}
                <time dateTime={one.time}>{t('alerts.since', { time: clock(one.time) })}</time>
              </button>
              <AlertActions alert={one} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const MUTE_MINUTES = 60;

/** Acknowledging an alert and muting its stream, on this device. */
function AlertActions({ alert }: { alert: StreamAlert }) {
  const until = muteUntil(alert.stream);
  return (
    <div class="alerts-actions">
      {isAcknowledged(alert) ? (
        <span>{t('alerts.acknowledged')}</span>
      ) : (
        <button type="button" class="button" onClick={() => acknowledge(alert)}>
          {t('alerts.acknowledge')}
          <span class="visually-hidden"> {alert.alert}</span>
        </button>
      )}
      <button
        type="button"
        class="button"
        onClick={() => mute(alert.stream, until === null ? MUTE_MINUTES : 0)}
      >
        {until === null ? t('alerts.mute') : t('alerts.unmute', { until: timeOfDay(until) })}
        <span class="visually-hidden"> {alert.stream}</span>
      </button>
    </div>
  );
}
