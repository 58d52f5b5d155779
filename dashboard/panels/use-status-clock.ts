import { useEffect } from 'preact/hooks';
import { scheduleUpdate } from '../state/streams.ts';

/** Renews what the page shows of its streams once a second: one that stands still sends nothing. */
export function useStatusClock(): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) scheduleUpdate();
    }, 1000);
    return () => clearInterval(timer);
  }, []);
}
