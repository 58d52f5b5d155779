import { Problem } from '../problem.ts';

/** A place in the list of sessions, as a text that clients hand back and need not understand. */
export interface Place {
  readonly startedMs: number;
  readonly id: number;
}

export const encodeCursor = ({ startedMs, id }: Place): string =>
  Buffer.from(`${startedMs}.${id}`).toString('base64url');

export function decodeCursor(text: string): Place {
  const match = /^(-?\d{1,16})\.(\d{1,15})$/.exec(Buffer.from(text, 'base64url').toString('latin1'));
  if (match) return { startedMs: Number(match[1]), id: Number(match[2]) };
  const expected = '`next` of an earlier answer';
  throw new Problem(400, 'bad-request', `The request is wrong: cursor: expected ${expected}.`, {}, [
    { path: 'cursor', expected, got: text },
  ]);
}
