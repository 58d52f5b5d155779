import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { type SinkEntry, sinkEntry } from '../../src/sinks/sink-entry.ts';
import { createStreamSink, type StreamSinkOptions } from '../../src/sinks/stream-sink.ts';

/** Short waits. */
export const FAST = { retryMs: 1, maxRetryMs: 4, stableMs: 20 };

export function collectingLogger() {
  const lines: string[] = [];
  const logger = pino(
    {},
    { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) },
  );
  return { lines, logger };
}

/** A sink that is closed after the test, and the lines that it logs. */
export function openSink(entry: SinkEntry, options: Partial<StreamSinkOptions> = {}) {
  const { lines, logger } = collectingLogger();
  const sink = createStreamSink({ entry: sinkEntry.parse(entry), logger, ...FAST, ...options });
  onTestFinished(() => sink.close());
  return { sink, lines };
}

/** Counts the connections that the program opens from now on and has not ended. */
export function countConnections(): () => number {
  const sockets: Socket[] = [];
  const onSocket = (message: unknown) => void sockets.push((message as { socket: Socket }).socket);
  subscribe('net.client.socket', onSocket);
  onTestFinished(() => void unsubscribe('net.client.socket', onSocket));
  return () => sockets.filter(({ destroyed }) => !destroyed).length;
}
