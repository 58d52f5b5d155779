import './rate.css';
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { fixed } from '../state/format.ts';
import { language, t } from '../state/i18n.ts';
import { moodWord } from '../state/mood-name.ts';
import {
  fitProfile,
  loadProfile,
  profile,
  profileName,
  rateNow,
  ratingStatus,
  undoRating,
  useProfile,
} from '../state/rating.ts';
import { nameOf } from '../state/source-uri.ts';
import { chosen } from '../state/streams.ts';

/** Fewer ratings cannot be fitted. */
const MIN_RATINGS = 5;

/** A button that opens the panel to rate what plays now. It is not modal: the page stays visible and live. */
export function Rate() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = () => {
    void loadProfile();
    dialog.current?.show();
  };
  const close = () => dialog.current?.close();
  // Wherever the focus is: it leaves the panel when its button is disabled.
  useEffect(() => {
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close();
    };
    document.addEventListener('keydown', closeByKey);
    return () => document.removeEventListener('keydown', closeByKey);
  }, []);
  return (
    <>
      <button type="button" class="button rate-open" onClick={open}>
        {t('rate.rate')}
      </button>
      <dialog ref={dialog} class="rate" aria-labelledby="rate-head">
        <header>
          <h2 id="rate-head">{t('rate.title')}</h2>
          <button type="button" class="button" onClick={close} aria-label={t('rate.close')}>
            ×
          </button>
        </header>
        <RatingForm />
        <ProfileActions />
        <p class="rate-status" role="status">
          {ratingStatus.value}
        </p>
      </dialog>
    </>
  );
}

function RatingForm() {
  const valence = useSignal(0);
  const arousal = useSignal(0);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void rateNow(valence.peek(), arousal.peek());
      }}
    >
      <label class="rate-name">
        {t('rate.profile')}
        <input
          class="text-input"
          type="text"
          required
          maxLength={64}
          title={t('setup.nameForm')}
          autocomplete="off"
          value={profileName.value}
          onChange={(event) => {
            const name = nameOf(event.currentTarget.value.trim(), language());
            // The field shows the name that is used, also where nothing of what was written can be one.
            event.currentTarget.value = name || profileName.peek();
            if (name !== '') profileName.value = name;
            void loadProfile();
          }}
        />
      </label>
      <AxisSlider
        axis="valence"
        name={t('axis.valence')}
        ends={[t('rate.unpleasant'), t('rate.pleasant')]}
        value={valence}
      />
      <AxisSlider
        axis="arousal"
        name={t('axis.arousal')}
        ends={[moodWord('calm'), moodWord('energetic')]}
        value={arousal}
      />
      <div class="rate-actions">
        <button type="submit" class="button">
          {t('rate.save')}
        </button>
        <button
          type="button"
          class="button"
          disabled={(profile.value?.ratings ?? 0) === 0}
          onClick={() => void undoRating()}
        >
          {t('rate.removeNewest')}
        </button>
      </div>
    </form>
  );
}

interface AxisSliderProps {
  readonly axis: 'valence' | 'arousal';
  readonly name: string;
  readonly ends: readonly [string, string];
  readonly value: Signal<number>;
}

function AxisSlider({ axis, name, ends, value }: AxisSliderProps) {
  return (
    <label class="rate-axis" data-axis={axis}>
      <span>
        {name} <output>{fixed(value.value, 2)}</output>
      </span>
      <input
        type="range"
        min={-1}
        max={1}
        step={0.05}
        value={value.value}
        aria-label={t('rate.fromTo', { name, from: ends[0], to: ends[1] })}
        onInput={(event) => {
          value.value = event.currentTarget.valueAsNumber;
        }}
      />
      <span class="rate-ends" aria-hidden="true">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </span>
    </label>
  );
}

function ProfileActions() {
  const { ratings = 0, fit = null, streams = [] } = profile.value ?? {};
  const used = chosen.value !== null && streams.includes(chosen.value);
  return (
    <div class="rate-profile">
      <p>
        {t('rate.saved', { count: ratings })}
        {ratings < MIN_RATINGS ? `; ${t('rate.needed', { count: MIN_RATINGS })}` : ''}
      </p>
      <div class="rate-actions">
        <button
          type="button"
          class="button"
          disabled={ratings < MIN_RATINGS}
          onClick={() => void fitProfile()}
        >
          {t('rate.fit')}
        </button>
        <button type="button" class="button" disabled={fit === null} onClick={() => void useProfile(!used)}>
          {t(used ? 'rate.stopUsing' : 'rate.use')}
        </button>
      </div>
    </div>
  );
}
