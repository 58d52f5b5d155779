import { type Logger, pino } from 'pino';
import { publishedMessage } from '../sinks/fan-out.ts';
import { parseSinkArgument } from '../sinks/sink-argument.ts';
import { createStreamSinks } from '../sinks/stream-sinks.ts';
import type { StreamMessage } from '../types.ts';
import { UserError } from '../user-error.ts';

export interface TrackSinks {
  /** Resolves when the sinks can take more: the frames come faster than in real time. */
  write(message: StreamMessage): Promise<void>;
  /** @throws UserError `sink-failed` if a sink did not take every step */
  close(): Promise<void>;
}

/**
 * The sinks of `undertone track`.
 *
 * @param out where the frames go; undefined for standard output, which a sink cannot share
 * @throws UserError `usage`
 */
export function openTrackSinks(args: readonly string[], out: string | undefined): TrackSinks {
  const forAll = args.map((argument) => ({ entry: parseSinkArgument(argument) }));
  if (out === undefined && forAll.some(({ entry }) => entry.sink.startsWith('stdout:')))
    throw new UserError(
      'usage',
      'The frames go to standard output already: add --out FILE, or leave out --sink stdout:.',
    );
  const sinks = createStreamSinks({ logger: stderrLogger() });
  sinks.set({ forAll, own: new Map() });
  return {
    async write(message) {
      sinks.write(publishedMessage(message, 0, 0));
      await sinks.ready();
    },
    async close() {
      await sinks.drained();
      await sinks.close();
      const failed = sinks.all.find(({ status }) => status.dropped > 0);
      if (!failed) return;
      const { delivered, dropped } = failed.status;
      const message = `The sink ${failed.name} took only ${delivered} of ${delivered + dropped} steps: check that its receiver runs, and try again.`;
      throw new UserError('sink-failed', message);
    },
  };
}

/** Writes messages of the sinks to standard error as plain sentences, like the other messages of a command. */
const stderrLogger = (): Logger =>
  pino(
    { level: 'warn', base: null, timestamp: false },
    {
      write: (line: string) =>
        void process.stderr.write(`undertone: ${(JSON.parse(line) as { msg: string }).msg}\n`),
    },
  );
