import type { ProblemBody } from '../server/schemas/problem-body.ts';

/** What the server says is wrong: its sentence as the message, and its stable code. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status, or the close code of a socket. */
  readonly status: number;
  readonly code: string;
  /** Where the request is wrong, field by field, as far as the server tells. */
  readonly errors: NonNullable<ProblemBody['errors']>;

  constructor(status: number, code: string, message: string, errors: ProblemBody['errors'] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}
