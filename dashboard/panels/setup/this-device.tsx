import './this-device.css';
import { setSound, soundOn } from '../../state/alert-attention.ts';
import { t } from '../../state/i18n.ts';
import { markerLabels, setMarkerLabel } from '../../state/marker-keys.ts';
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
