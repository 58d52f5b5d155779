import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { DeviceList } from '../../../src/client/index.ts';
import { client } from '../../state/client.ts';
import { t } from '../../state/i18n.ts';
import { type ChannelPick, deviceUri } from '../../state/source-uri.ts';
import { useLoad } from '../use-load.ts';
import { Field } from './field.tsx';
import { InputMeters } from './input-meters.tsx';
import { ErrorLine } from './section.tsx';

type Device = DeviceList['devices'][number];

/** As many as undertone reads of one device. */
const MAX_CHANNELS = 32;

/** The sound inputs of the server's computer, which of their channels are used, and the level of each. */
export function DeviceChoice({ onChange }: { onChange: (uri: string) => void }) {
  const list = useLoad(() => client.inputs.devices(), []);
  const chosen = useSignal<number | null>(null);
  const choice = useSignal('');
  const { devices = [], message = null } = list.value.value ?? {};
  const device = devices.find(({ index, isDefault }) =>
    chosen.value === null ? isDefault : index === chosen.value,
  );
  const picks = picksOf(device);
  const picked = picks.find(({ value }) => value === choice.value);
  useEffect(
    () => onChange(deviceUri(device, picked?.count ?? null, picked?.first)),
    [device, picked?.value ?? ''],
  );
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
              choice.value = '';
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
            value={choice.value}
            onChange={(event) => {
              choice.value = event.currentTarget.value;
            }}
          >
            <option value="">{t('setup.channelsDefault')}</option>
            {picks.map(({ value, first, count }) => (
              <option key={value} value={value}>
                {pickName(first, count)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {device !== undefined && <InputMeters device={device.index} used={picked ?? { first: 1, count: 2 }} />}
      <ErrorLine text={list.error.value ?? message} />
    </div>
  );
}

/** What can be chosen of a device: each pair, all channels, each channel alone. */
function picksOf(device: Device | undefined): readonly (ChannelPick & { readonly value: string })[] {
  const channels = Math.min(MAX_CHANNELS, device?.channels ?? 0);
  const pairs = Array.from({ length: Math.floor(channels / 2) }, (_, i) => ({ first: 2 * i + 1, count: 2 }));
  const all = channels > 2 ? [{ first: 1, count: channels }] : [];
  const singles = Array.from({ length: channels }, (_, i) => ({ first: i + 1, count: 1 }));
  return [...pairs, ...all, ...singles].map((pick) => ({ ...pick, value: `${pick.first}:${pick.count}` }));
}

function pickName(first: number, count: number): string {
  if (count === 1) return t('setup.channel', { channel: first });
  return count === 2
    ? t('setup.channelPair', { first, second: first + 1 })
    : t('setup.channelsAll', { count });
}
