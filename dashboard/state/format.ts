/** Shown instead of an unknown number. */
export const UNKNOWN = '–';

/** +0.31, −0.05: always a sign, always the same width in tabular figures. */
export function signed(value: number | null | undefined): string {
  if (value == null || Number.isNaN(value)) return UNKNOWN;
  const text = Math.abs(value).toFixed(2);
  if (text === '0.00') return '0.00';
  return `${value < 0 ? '−' : '+'}${text}`;
}

export const fixed = (value: number | null | undefined, digits: number): string =>
  value == null ? UNKNOWN : `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(digits)}`;

/** Time of day of an ISO time, in the browser's time zone: `20:15:03`. */
export function clock(time: string): string {
  return new Date(time).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}

/** Duration in seconds as `0:07`, `12:30`, `1:02:30`. */
export function elapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const tail = `${h > 0 ? String(min).padStart(2, '0') : min}:${String(s).padStart(2, '0')}`;
  return h > 0 ? `${h}:${tail}` : tail;
}

export const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** How the music is perceived, as the middle of a sentence. */
export const perceived = (mood: string): string =>
  mood === 'uncertain' ? 'the mood of the music is uncertain' : `the music is perceived as ${mood}`;

export const markerCount = (count: number): string => (count === 1 ? '1 marker' : `${count} markers`);
