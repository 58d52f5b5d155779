import type { ReasonValues } from '../user-error.ts';

/**
 * Why a sink is down. Its message is a part of a sentence, such as "it answered 503", or a code of the system such as
 * `ECONNREFUSED`; `code` and `values` state the same for programs and other languages.
 */
export class SinkFault extends Error {
  override readonly name = 'SinkFault';
  /** A stable identifier: `http-status`, `disk-full`, `ECONNREFUSED`, …; undefined: there is only the sentence. */
  readonly code: string | undefined;
  readonly values: ReasonValues | undefined;

  constructor(
    code: string | undefined,
    message: string,
    { values, ...options }: ErrorOptions & { readonly values?: ReasonValues | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    this.values = values;
  }

  /** The message, and that of a code of the system in words. */
  get words(): string {
    return IN_WORDS[this.message] ?? this.message;
  }
}

const IN_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no program receives at its address',
  ECONNRESET: 'the connection dropped',
  EPIPE: 'the receiver has closed the connection',
  ENOTFOUND: 'its host was not found',
  EAI_AGAIN: 'its host was not found',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it does not answer',
};

/** The fault that an error of a connection, a file or a library is. */
export function faultOf(cause: unknown): SinkFault {
  if (cause instanceof SinkFault) return cause;
  const { code, message, errors } = cause as NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] };
  // An AggregateError has one error for each address of the host.
  // Brokers answer with numbers, whose meaning is in the message.
  const known = typeof code === 'string' ? code : errors?.[0]?.code;
  if (known === 'FORBIDDEN_ADDRESS')
    return new SinkFault('forbidden-address', 'its address is in a private network', { cause });
  return new SinkFault(known, known ?? (message || 'it cannot be reached'), { cause });
}
