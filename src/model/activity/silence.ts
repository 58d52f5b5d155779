import type { StepWindow } from '../../types.ts';

/** Momentary loudness under which a step is silence, in LUFS. */
export const SILENCE_LUFS = -60;

export function isSilent(window: Pick<StepWindow, 'loudness'>): boolean {
  return window.loudness < SILENCE_LUFS;
}
