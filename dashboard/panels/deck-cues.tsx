import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Axis } from '../../src/frame-fields.ts';
import type { EmotionFrame } from '../../src/types.ts';
import { type Cue, cueName, isLit } from '../state/cue.ts';
import { addCue, cues, MAX_CUES, removeCue } from '../state/cues.ts';
import { locale, t } from '../state/i18n.ts';

export interface DeckCuesProps {
  /** Null: a deck without a stream. */
  readonly name: string | null;
  readonly frame: EmotionFrame | null;
}

/** The cues of a deck's stream, which light when they are passed, and a form for another. */
export function DeckCues({ name, frame }: DeckCuesProps) {
  const open = useSignal(false);
  const all = (name === null ? undefined : cues.value[name]) ?? [];
  const list = useRef<HTMLUListElement>(null);
  /** What has the focus is about to leave the page. */
  const leaves = useRef(false);
  useLayoutEffect(() => {
    if (!leaves.current) return;
    leaves.current = false;
    [...list.current!.querySelectorAll('button')].at(-1)?.focus();
  }, [all.length, open.value]);
  const close = () => {
    leaves.current = true;
    open.value = false;
  };
  return (
    <>
      <ul ref={list} class="deck-cues" aria-label={t('cue.of', { stream: name ?? '–' })}>
        {all.map((cue) => {
          const lit = isLit(cue, frame);
          return (
            <li key={cueName(cue)} class="deck-cue" data-lit={lit}>
              <span>
                {cueText(cue)}
                {lit && <span class="visually-hidden">, {t('cue.passed')}</span>}
              </span>
              <button
                type="button"
                aria-label={t('cue.remove', { cue: cueText(cue) })}
                onClick={() => {
                  leaves.current = true;
                  if (name !== null) removeCue(name, cue);
                }}
              >
                ×
              </button>
            </li>
          );
        })}
        {all.length < MAX_CUES && (
          <li>
            <button
              type="button"
              class="button"
              disabled={name === null}
              aria-expanded={open.value}
              onClick={() => {
                open.value = !open.value;
              }}
            >
              {t('cue.cue')}
            </button>
          </li>
        )}
      </ul>
      {open.value && name !== null && all.length < MAX_CUES && (
        <CueForm
          onAdd={(cue) => {
            addCue(name, cue);
            close();
          }}
          onCancel={close}
        />
      )}
    </>
  );
}

interface CueFormProps {
  readonly onAdd: (cue: Cue) => void;
  readonly onCancel: () => void;
}

function CueForm({ onAdd, onCancel }: CueFormProps) {
  return (
    <form
      class="deck-cue-form"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onCancel();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        const value = Number(data.get('value'));
        onAdd({ axis: data.get('axis') as Axis, side: data.get('side') as Cue['side'], value });
      }}
    >
      <select name="axis" class="text-input" aria-label={t('cue.axis')}>
        <option value="arousal">{t('axis.arousal')}</option>
        <option value="valence">{t('axis.valence')}</option>
      </select>
      <select name="side" class="text-input" aria-label={t('cue.side')}>
        <option value="above">{t('cue.above')}</option>
        <option value="below">{t('cue.below')}</option>
      </select>
      <input
        name="value"
        class="text-input"
        type="number"
        aria-label={t('cue.threshold')}
        min={-1}
        max={1}
        step={0.1}
        value={0.2}
        required
      />
      <button type="submit" class="button button-primary">
        {t('cue.set')}
      </button>
    </form>
  );
}

/** A cue in words: "Arousal above +0.2". */
const cueText = ({ axis, side, value }: Cue): string =>
  t('cue.text', {
    axis: t(`axis.${axis}`),
    side: t(`cue.${side}`),
    value: new Intl.NumberFormat(locale(), {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
      signDisplay: 'exceptZero',
    })
      .format(value)
      .replace('-', '−'),
  });
