/**
 * An error that the user can fix. Its message is one sentence with what was wrong, what was expected and what to do. It
 * is shown as it is, without a stack trace.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** A stable identifier for programs: `bad-audio`, `unknown-stream`, … */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
