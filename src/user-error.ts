/** What a sentence is made of besides its words, such as `{ status: 404 }`, for programs and other languages. */
export type ReasonValues = Readonly<Record<string, string | number>>;

export interface UserErrorOptions extends ErrorOptions {
  /** `reason` distinguishes errors of the same code; times are in seconds. Without secrets. */
  readonly values?: ReasonValues | undefined;
}

/**
 * An error that the user can fix. Its message is one sentence with what was wrong, what was expected and what to do. It
 * is shown as it is, without a stack trace.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** A stable identifier for programs: `bad-audio`, `unknown-stream`, … */
  readonly code: string;
  readonly values: ReasonValues | undefined;

  constructor(code: string, message: string, { values, ...options }: UserErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.values = values;
  }
}
