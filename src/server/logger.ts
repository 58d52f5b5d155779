import { type Logger, pino } from 'pino';

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
/** `auto`: a line for people where they look, at a terminal; JSON elsewhere. */
export const LOG_FORMATS = ['auto', 'human', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What never gets into the log, wherever an object that is logged may carry it. */
const SECRETS = ['token', 'secret', 'passphrase', 'password', 'authorization', 'cookie'].flatMap((key) => [
  key,
  `*.${key}`,
  `*.headers.${key}`,
]);

/** The server's log on stderr: a line for people (`12:03:01 warn booth: …`), or pino's JSON for programs. */
export function createLogger(level: LogLevel, format: LogFormat): Logger {
  const options = { level, redact: { paths: SECRETS, censor: '…' }, hooks: { streamWrite: withoutTokens } };
  const human = format === 'human' || (format === 'auto' && process.stderr.isTTY);
  if (!human) return pino(options, pino.destination({ fd: 2, sync: true }));
  return pino(options, { write: (line) => process.stderr.write(humanLine(JSON.parse(line))) });
}

/** Tokens within texts, as in an address that some fault quotes. */
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

export function humanLine({ level, time, msg, stream, err }: Entry): string {
  const clock = new Date(time).toTimeString().slice(0, 8);
  const name = (pino.levels.labels[level] ?? '').padEnd(5);
  // Only faults of the program carry an error: there the stack is what helps.
  const fault = err ? `\n${err.stack ?? err.message ?? ''}` : '';
  return `${clock} ${name} ${stream === undefined ? '' : `${stream}: `}${msg ?? ''}${fault}\n`;
}
