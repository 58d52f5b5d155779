/** What a check of a log has found. A fault is to be mended; a note is worth knowing, and may be right. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'note' | 'fault';
  /** One sentence; of a fault also how it is mended. */
  readonly says: string;
}

export const ok = (check: string, says: string): Finding => ({ check, status: 'ok', says });
export const note = (check: string, says: string): Finding => ({ check, status: 'note', says });
export const fault = (check: string, says: string): Finding => ({ check, status: 'fault', says });

export const many = (count: number, one: string, more = `${one}s`): string =>
  `${count} ${count === 1 ? one : more}`;
