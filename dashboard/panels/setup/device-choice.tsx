import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { client } from '../../state/client.ts';
import { t } from '../../state/i18n.ts';
import { deviceUri } from '../../state/source-uri.ts';
import { useLoad } from '../use-load.ts';
import { Field } from './field.tsx';
import { ErrorLine } from './section.tsx';

/** The sound inputs of the server's computer, and how many of their channels are used. */
export function DeviceChoice({ onChange }: { onChange: (uri: string) => void }) {
  const list = useLoad(() => client.inputs.devices(), []);
  const chosen = useSignal<number | null>(null);
  const channels = useSignal<number | null>(null);
  const { devices = [], message = null } = list.value.value ?? {};
  const device = devices.find(({ index, isDefault }) =>
    chosen.value === null ? isDefault : index === chosen.value,
  );
  useEffect(() => onChange(deviceUri(device, channels.value)), [device, channels.value]);
  return (
    <div class="setup-fields">
      <Field label={t('setup.input')}>
        {(id) => (
          <select
            id={id}
            class="text-input"
            disabled={devices.length === 0}
            value={device?.index}
            onChange={(event) => {
              chosen.value = Number(event.currentTarget.value);
            }}
          >
            {devices.length === 0 && (
              <option>{message === null ? t('page.loading') : t('setup.noInputs')}</option>
            )}
            {devices.map(({ index, name, channels: count, isDefault }) => (
              <option key={index} value={index}>
                {t(isDefault ? 'setup.inputDefault' : 'setup.inputOption', { name, count })}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('setup.channels')}>
        {(id) => (
          <select
            id={id}
            class="text-input"
            value={channels.value ?? ''}
            onChange={(event) => {
              const { value } = event.currentTarget;
              channels.value = value === '' ? null : Number(value);
            }}
          >
            <option value="">{t('setup.channelsDefault')}</option>
            {Array.from({ length: Math.min(32, device?.channels ?? 0) }, (_, i) => (
              <option key={i} value={i + 1}>
                {t('setup.channelsFirst', { count: i + 1 })}
              </option>
            ))}
          </select>
        )}
      </Field>
      <ErrorLine text={list.error.value ?? message} />
    </div>
  );
}
