import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { t } from '../state/i18n.ts';
import { microphone, startMicrophone } from '../state/microphone.ts';
import { streamHref } from '../state/view.ts';
import { MicrophoneControl } from './microphone-control.tsx';

/** Live sound of this device: which microphone, or the sound of a browser tab. */
export function TryInputs() {
  const devices = useMicrophones();
  const deviceId = useSignal('');
  const id = useId();
  const now = microphone.value;
  const busy = now.state !== 'off' && now.state !== 'failed';
  const canShareTabs = navigator.mediaDevices !== undefined && 'getDisplayMedia' in navigator.mediaDevices;
  return (
    <section class="try-way" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>{t('try.live')}</h3>
      <p>{t('try.liveHint')}</p>
      {busy ? (
        <>
          <MicrophoneControl />
          {now.state === 'sending' && <a href={streamHref(now.stream)}>{t('try.watchLive')}</a>}
        </>
      ) : (
        <>
          <label for={id}>{t('try.microphone')}</label>
          <select
            id={id}
            class="text-input"
            value={deviceId.value}
            onChange={(event) => {
              deviceId.value = event.currentTarget.value;
            }}
          >
            <option value="">{t('try.microphoneDefault')}</option>
            {devices.map(({ deviceId: one, label }) => (
              <option key={one} value={one}>
                {label}
              </option>
            ))}
          </select>
          <div class="try-buttons">
            <button
              type="button"
              class="button"
              onClick={() =>
                void startMicrophone({
                  kind: 'microphone',
                  ...(deviceId.peek() !== '' && { deviceId: deviceId.peek() }),
                })
              }
            >
              {t('try.useMicrophone')}
            </button>
            {canShareTabs && (
              <button type="button" class="button" onClick={() => void startMicrophone({ kind: 'tab' })}>
                {t('try.useTab')}
              </button>
            )}
          </div>
          <p role="alert">{now.state === 'failed' && now.message}</p>
        </>
      )}
    </section>
  );
}

/** The microphones that the browser names; it names none until one was allowed. */
function useMicrophones(): readonly MediaDeviceInfo[] {
  const devices = useSignal<readonly MediaDeviceInfo[]>([]);
  const { state } = microphone.value;
  useEffect(() => {
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (media === undefined) return;
    const list = () =>
      void media.enumerateDevices().then((all) => {
        devices.value = all.filter(
          ({ kind, label, deviceId }) => kind === 'audioinput' && label !== '' && deviceId !== 'default',
        );
      });
    list();
    media.addEventListener('devicechange', list);
    return () => media.removeEventListener('devicechange', list);
  }, [state]);
  return devices.value;
}
