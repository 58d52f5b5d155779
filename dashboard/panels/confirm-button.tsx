import './confirm-button.css';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { SteadyText } from './steady-text.tsx';

/** Time for the second press. */
const CONFIRM_MS = 4_000;
/** A second press before this is a double press, by a nervous finger or a foot-switch that bounces. */
const DOUBLE_PRESS_MS = 600;

/** Runs `act` on the second of two deliberate presses within CONFIRM_MS, so that one slip does nothing. */
export function useConfirm(act: () => void): Confirm {
  const confirming = useSignal(false);
  const pressedAtMs = useRef(0);
  useEffect(() => {
    if (!confirming.value) return;
    const timer = setTimeout(() => {
      confirming.value = false;
    }, CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [confirming.value]);
  return {
    confirming: confirming.value,
    press() {
      const nowMs = performance.now();
      if (!confirming.value) {
        confirming.value = true;
        pressedAtMs.current = nowMs;
      } else if (nowMs - pressedAtMs.current >= DOUBLE_PRESS_MS) {
        confirming.value = false;
        act();
      }
    },
  };
}

export interface Confirm {
  readonly confirming: boolean;
  press(): void;
}

export interface ConfirmButtonProps {
  readonly confirm: Confirm;
  readonly class?: string;
  /** Texts before the first press, and while it waits for the second. */
  readonly text: ComponentChildren;
  readonly confirmText: string;
  /** What follows the texts for screen readers: `session`. */
  readonly object: string;
  readonly children?: ComponentChildren;
}

/** The button of a `useConfirm`; a key can press it too. */
export function ConfirmButton({ confirm, text, confirmText, object, ...props }: ConfirmButtonProps) {
  const { confirming, press } = confirm;
  return (
    <button
      type="button"
      class={`button confirm-button ${props.class ?? ''}`}
      data-confirming={confirming}
      onClick={press}
    >
      <span>
        {typeof text === 'string' ? (
          <SteadyText texts={[text, confirmText]}>{confirming ? confirmText : text}</SteadyText>
        ) : confirming ? (
          confirmText
        ) : (
          text
        )}
        <span class="visually-hidden"> {object}</span>
      </span>
      {props.children}
    </button>
  );
}
