/** The result of one check of a log. A fault needs a repair; a note is worth knowing and may be intended. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'note' | 'fault';
  /** One sentence; for a fault it includes the repair. */
  readonly says: string;
}

export const ok = (check: string, says: string): Finding => ({ check, status: 'ok', says });
export const note = (check: string, says: string): Finding => ({ check, status: 'note', says });
export const fault = (check: string, says: string): Finding => ({ check, status: 'fault', says });

/** A count with its noun: `1 run`, `3 runs`. */
export const many = (count: number, one: string, more = `${one}s`): string =>
  `${count} ${count === 1 ? one : more}`;
