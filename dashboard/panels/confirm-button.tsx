import './confirm-button.css';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

/** Time for the second press. */
const CONFIRM_MS = 4_000;

/** Runs `act` on the second of two presses within CONFIRM_MS, so that one slip does nothing. */
export function useConfirm(act: () => void): Confirm {
  const confirming = useSignal(false);
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
      if (confirming.value) act();
      confirming.value = !confirming.value;
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
  readonly text: string;
  readonly confirmText: string;
  /** Accessible names for the same. */
  readonly label: string;
  readonly confirmLabel: string;
  readonly children?: ComponentChildren;
}

/** The button of a `useConfirm`; a key can press it too. */
export function ConfirmButton({
  confirm,
  text,
  confirmText,
  label,
  confirmLabel,
  ...props
}: ConfirmButtonProps) {
  const { confirming, press } = confirm;
  return (
    <button
      type="button"
      class={`button confirm-button ${props.class ?? ''}`}
      data-confirming={confirming}
      onClick={press}
      aria-label={confirming ? confirmLabel : label}
    >
      {confirming ? confirmText : text}
      {props.children}
    </button>
  );
}
