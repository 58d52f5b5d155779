import './this-device.css';
import { setSound, soundOn } from '../../state/alert-attention.ts';
import { t } from '../../state/i18n.ts';
import { footSwitch, markerLabels, setFootSwitch, setMarkerLabel } from '../../state/marker-keys.ts';
import { setShortcuts, shortcutsOn } from '../../state/shortcuts.ts';
import { KeyHint } from '../key-hint.tsx';
import { LanguageChoice, LINKS } from '../nav.tsx';
import { Section } from './section.tsx';

/** What this browser remembers for itself. */
export function ThisDevice() {
  return (
    <Section title={t('device.title')} hint={t('device.hint')}>
      <div class="setup-checks">
        <div class="setup-field">
          <span aria-hidden="true">{t('nav.language')}</span>
          <LanguageChoice />
        </div>
        <label class="setup-check">
          <input
            type="checkbox"
            checked={soundOn.value}
            onChange={(event) => setSound(event.currentTarget.checked)}
          />
          {t('device.sound')}
        </label>
        <label class="setup-check">
          <input
            type="checkbox"
            checked={shortcutsOn.value}
            onChange={(event) => setShortcuts(event.currentTarget.checked)}
          />
          {t('device.shortcuts')}
        </label>
      </div>
      <fieldset class="setup-markers">
        <legend>{t('device.markers')}</legend>
        <p class="setup-hint">{t('device.markersHint')}</p>
        <div class="setup-fields">
          {markerLabels.value.map((label, i) => (
            <label key={i} class="setup-marker">
              <KeyHint text={String(i + 1)} />
              <input
                class="text-input"
                type="text"
                maxLength={100}
                autocomplete="off"
                aria-label={t('device.markerKey', { key: i + 1 })}
                defaultValue={label}
                onChange={(event) => setMarkerLabel(i, event.currentTarget.value.trim())}
              />
            </label>
          ))}
        </div>
      </fieldset>
      <FootSwitch />
      <ul class="setup-keys">
        {LINKS.map(({ label, key }) => (
          <li key={key}>
            <KeyHint text="G" /> <KeyHint text={key.toUpperCase()} />
            <span class="visually-hidden">G {key.toUpperCase()}: </span> {t(label)}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Keys that move on the page, or end what is under way. */
const KEPT = ['Tab', 'Escape', 'Enter', ' ', 'Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'];

/** Learns the key of a foot-switch that works as a keyboard: it is pressed while the field is in focus. */
function FootSwitch() {
  const key = footSwitch.value;
  return (
    <div class="setup-field">
      <label for="foot-switch">{t('device.footSwitch')}</label>
      <div class="setup-foot-switch">
        <input
          id="foot-switch"
          class="text-input"
          type="text"
          readOnly
          placeholder={t('device.footSwitchPress')}
          value={key.length === 1 ? key.toUpperCase() : key}
          onKeyDown={(event) => {
            if (KEPT.includes(event.key)) return;
            event.preventDefault();
            setFootSwitch(event.key);
          }}
        />
        {key !== '' && (
          <button type="button" class="button" onClick={() => setFootSwitch('')}>
            {t('device.footSwitchNone')}
          </button>
        )}
      </div>
      <p class="setup-hint">{t('device.footSwitchHint')}</p>
    </div>
  );
}
