import { type Logger, pino } from 'pino';

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
/** `auto`: a readable line on a terminal, JSON elsewhere. */
export const LOG_FORMATS = ['auto', 'human', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Keys whose values are removed from logged objects. */
const SECRETS = ['token', 'secret', 'passphrase', 'password', 'authorization', 'cookie'].flatMap((key) => [
  key,
  `*.${key}`,
  `*.headers.${key}`,
]);

/** The server's log on stderr: readable lines (`12:03:01 warn booth: …`), or the JSON of pino. */
export function createLogger(level: LogLevel, format: LogFormat): Logger {
  const options = { level, redact: { paths: SECRETS, censor: '…' }, hooks: { streamWrite: withoutTokens } };
  const human = format === 'human' || (format === 'auto' && process.stderr.isTTY);
  if (!human) return pino(options, pino.destination({ fd: 2, sync: true }));
  return pino(options, { write: (line) => process.stderr.write(humanLine(JSON.parse(line))) });
}

/** Removes tokens from text, such as an address in an error message. */
export function withoutTokens(line: string): string {
  return line
    .replace(/\but_[\w-]{43}(?![\w-])/g, 'ut_…')
    .replace(/([?&]token=)[^&\s"\\]+/g, '$1…')
    .replace(/(\w+:\/\/)[^/@\s"]+@/g, '$1…@')
    .replace(/\bBearer +[^\s"\\]+/gi, 'Bearer …');
}

interface Entry {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly stream?: string;
  readonly err?: { readonly stack?: string; readonly message?: string };
}

function humanLine({ level, time, msg, stream, err }: Entry): string {
  const clock = new Date(time).toTimeString().slice(0, 8);
  const name = (pino.levels.labels[level] ?? '').padEnd(5);
  // Only internal errors have `err`, and need the stack.
  const stack = err ? `\n${err.stack ?? err.message ?? ''}` : '';
  return `${clock} ${name} ${stream === undefined ? '' : `${stream}: `}${msg ?? ''}${stack}\n`;
}
