import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** How long a second press counts. */
const ARMED_MS = 4_000;

/** For what must not happen by one slip: the first press arms it, a second one soon after does it. */
export function useArmed(act: () => void): { readonly armed: boolean; press(): void } {
  const armed = useSignal(false);
  useEffect(() => {
    if (!armed.value) return;
    const timer = setTimeout(() => {
      armed.value = false;
    }, ARMED_MS);
    return () => clearTimeout(timer);
  }, [armed.value]);
  return {
    armed: armed.value,
    press() {
      if (armed.value) act();
      armed.value = !armed.value;
    },
  };
}
