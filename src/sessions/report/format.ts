/** Numbers, lengths and times as a report writes them; in English where languages differ. */

/** +0.31, −0.05, 0.00; a dash if the value is not known. */
export function signed(value: number | null): string {
  if (value === null) return '–';
  const text = Math.abs(value).toFixed(2);
  if (text === '0.00') return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** 0.31, −0.05; a dash if the value is not known. */
export const plain = (value: number | null, digits = 2): string =>
  value === null ? '–' : `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(digits)}`;

export const percent = (part: number, whole: number): string =>
  whole > 0 ? `${Math.round((100 * part) / whole)} %` : '–';

/** A length, rounded: `47 min 10 s`, `2 h 05 min`, `8 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const h = Math.floor(whole / 3600);
  const min = Math.floor((whole % 3600) / 60);
  const s = whole % 60;
  if (h > 0) return `${h} h ${String(min).padStart(2, '0')} min`;
  if (min > 0) return s > 0 ? `${min} min ${String(s).padStart(2, '0')} s` : `${min} min`;
  return `${s} s`;
}

/** Time since the start, cut off to whole seconds as on the dashboard: `0:00`, `12:30`, `1:02:30`. */
export function elapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const h = Math.floor(whole / 3600);
  const min = Math.floor((whole % 3600) / 60);
  const s = String(whole % 60).padStart(2, '0');
  return h > 0 ? `${h}:${String(min).padStart(2, '0')}:${s}` : `${min}:${s}`;
}

/** Spacings of the ticks on a time axis, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Round times from 0 to `seconds`, at most `most` of them. */
export function timeTicks(seconds: number, most: number): number[] {
  const days = Math.ceil(seconds / 86_400 / most);
  const step = STEPS.find((one) => seconds / one <= most - 1) ?? days * 86_400;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step);
}
