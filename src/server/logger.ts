import { type Logger, pino } from 'pino';

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The server's log on stderr: a line for people (`12:03:01 warn booth: …`), or pino's JSON for programs. */
export function createLogger(level: LogLevel, format: 'human' | 'json'): Logger {
  if (format === 'json') return pino({ level }, pino.destination({ fd: 2, sync: true }));
  return pino({ level }, { write: (line) => process.stderr.write(humanLine(JSON.parse(line))) });
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
