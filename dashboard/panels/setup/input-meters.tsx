import './input-meters.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { InputLevels } from '../../../src/client/index.ts';
import { client, errorMessage } from '../../state/client.ts';
import { fixed } from '../../state/format.ts';
import { t } from '../../state/i18n.ts';
import type { ChannelPick } from '../../state/source-uri.ts';
import { ErrorLine } from './section.tsx';

type Level = InputLevels['channels'][number];

/** The lowest level of the bars in dBFS. */
const FLOOR = -60;
/** Above this, samples are about to be cut off. */
const OVER = -0.5;

export interface InputMetersProps {
  /** Index of the input in the list of devices. */
  readonly device: number;
  /** The channels that the stream will use. */
  readonly used: ChannelPick;
}

/** A button that turns the input on and shows the level of each of its channels, to find the right ones. */
export function InputMeters({ device, used }: InputMetersProps) {
  const on = useSignal(false);
  const levels = useSignal<readonly Level[] | null>(null);
  const error = useSignal<string | null>(null);

  useEffect(() => {
    levels.value = null;
    if (!on.value) return;
    error.value = null;
    const abort = new AbortController();
    void receive(abort.signal);
    return () => abort.abort();
  }, [device, on.value]);

  async function receive(signal: AbortSignal): Promise<void> {
    try {
      for await (const channels of client.inputs.levels(String(device), signal)) {
        if (signal.aborted) return;
        levels.value = channels;
        // The server sends the newest levels when these are drawn: a page that is behind draws none that are old.
        await nextFrame();
      }
    } catch (reason) {
      if (!signal.aborted) error.value = errorMessage(reason);
    }
    if (!signal.aborted) on.value = false;
  }

  const failed = error.value;
  return (
    <div class="input-meters">
      <button
        type="button"
        class="button"
        aria-expanded={on.value}
        onClick={() => {
          on.value = !on.value;
        }}
      >
        {t(on.value ? 'setup.hideLevels' : 'setup.showLevels')}
      </button>
      {on.value && levels.value === null && <p role="status">{t('page.loading')}</p>}
      {levels.value !== null && (
        <ul class="input-meter-list" aria-label={t('setup.levels')}>
          {levels.value.map((level, i) => (
            <Meter
              key={i}
              channel={i + 1}
              level={level}
              used={i + 1 >= used.first && i + 1 < used.first + used.count}
            />
          ))}
        </ul>
      )}
      <ErrorLine text={failed} />
    </div>
  );
}

const nextFrame = (): Promise<unknown> => new Promise(requestAnimationFrame);

interface MeterProps {
  readonly channel: number;
  readonly level: Level;
  readonly used: boolean;
}

function Meter({ channel, level: { rms, peak }, used }: MeterProps) {
  const share = (value: number | null) => Math.max(0, Math.min(1, 1 - (value ?? FLOOR) / FLOOR));
  const text = peak === null ? t('setup.noSignal') : `${fixed(peak, 1)} dB`;
  return (
    <li class="input-meter" data-used={used} data-over={peak !== null && peak > OVER}>
      <span class="input-meter-name">{t('setup.channel', { channel })}</span>
      {/* biome-ignore lint/a11y/useSemanticElements: a meter element shows no second mark */}
      <div
        class="input-meter-track"
        role="meter"
        aria-label={t('setup.channel', { channel })}
        aria-valuemin={FLOOR}
        aria-valuemax={0}
        aria-valuenow={Math.max(FLOOR, peak ?? FLOOR)}
        aria-valuetext={text}
        style={{ '--rms': share(rms), '--peak': share(peak) }}
      >
        <div class="input-meter-bar" />
      </div>
      <span class="input-meter-value" aria-hidden="true">
        {text}
      </span>
    </li>
  );
}
