/** What stands in for a number that is not known. */
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

/** Time of day of an ISO time, as the reader's clock shows it. */
export function clock(time: string): string {
  return new Date(time).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}

export const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
