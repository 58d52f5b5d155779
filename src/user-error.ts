/**
 * A fault that the user can mend. Its message is one sentence that says what was wrong, what was
 * expected and what to do; it is shown as it is, without a stack trace.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** A stable word for programs: `bad-audio`, `unknown-stream`, … */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
