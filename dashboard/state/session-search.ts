/** Which sessions are listed. Days as `2026-11-20`; empty: any. */
export interface SessionFilterValue {
  readonly text: string;
  readonly tag: string;
  readonly from: string;
  readonly to: string;
}

export const NO_FILTER: SessionFilterValue = { text: '', tag: '', from: '', to: '' };

/** The parameters of the address. */
const NAMES = { text: 'q', tag: 'tag', from: 'from', to: 'to' } as const;
const PARTS = ['text', 'tag', 'from', 'to'] as const;

/** The address of the list: `#sessions&q=harp&tag=group`. */
export function sessionsHref(filter: SessionFilterValue): string {
  const set = PARTS.filter((part) => filter[part].trim() !== '');
  return [
    '#sessions',
    ...set.map((part) => `${NAMES[part]}=${encodeURIComponent(filter[part].trim())}`),
  ].join('&');
}

export const taggedHref = (tag: string): string => sessionsHref({ ...NO_FILTER, tag });

/** What an address asks for; whatever is no day is left out. */
export function readFilter(names: URLSearchParams): SessionFilterValue {
  const day = (name: string) => {
    const text = names.get(name) ?? '';
    return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00`)) ? text : '';
  };
  return { text: names.get('q') ?? '', tag: names.get('tag') ?? '', from: day('from'), to: day('to') };
}

/** The query of the API for a filter: whole days of this browser's time zone. */
export function queryOf({ text, tag, from, to }: SessionFilterValue) {
  const startOf = (day: string, plusDays = 0) => {
    const date = new Date(`${day}T00:00`);
    date.setDate(date.getDate() + plusDays);
    return date.toISOString();
  };
  return {
    ...(text.trim() !== '' && { q: text.trim() }),
    ...(tag !== '' && { tag }),
    ...(from !== '' && { from: startOf(from) }),
    ...(to !== '' && { to: startOf(to, 1) }),
  };
}
