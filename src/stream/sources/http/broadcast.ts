import type { AudioChunk, SourceItem } from '../../../types.ts';
import { UserError } from '../../../user-error.ts';
import { type Clock, createBackoff, type RetryOptions } from '../../../util/retry.ts';
import { chunkSeconds } from '../../chunks.ts';
import { lostNotice } from '../lost-notice.ts';

export interface BroadcastOptions extends RetryOptions {
  /** For messages, without secrets. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** After so much audio of a connection, the delay before a retry starts again from the first. */
  readonly stableSeconds: number;
  /** Connects again; undefined after an abort. @throws UserError */
  reopen(): Promise<AsyncIterable<AudioChunk> | undefined>;
}

/**
 * A broadcast without an end: when its connection drops, it is opened again, with growing delays, until it is back.
 *
 * @param first the audio of the first connection
 * @throws UserError if nothing was ever received, because then the user is there to fix it
 */
export async function* broadcast(
  first: AsyncIterable<AudioChunk>,
  { name, signal, clock, stableSeconds, reopen, ...retry }: BroadcastOptions,
): AsyncGenerator<SourceItem, void, undefined> {
  let chunks: AsyncIterable<AudioChunk> | undefined = first;
  let everReceived = false;
  let lost = false;
  const backoff = createBackoff(retry);
  for (;;) {
    let reason = `${name} ended`;
    let fault: Pick<UserError, 'code' | 'values'> = { code: 'broadcast-ended', values: undefined };
    let seconds = 0;
    try {
      for await (const chunk of chunks ?? []) {
        if (lost) yield { type: 'source-restored', message: `${name} is back.` };
        lost = false;
        everReceived = true;
        seconds += chunkSeconds(chunk);
        if (seconds > stableSeconds) backoff.reset();
        yield chunk;
      }
    } catch (error) {
      if (!(error instanceof UserError) || !everReceived) throw error;
      fault = error;
      reason = error.message.replace(/[:;] [^:;]*\.$|\.$/, '');
    }
    if (signal.aborted) return;
    if (!lost) yield lostNotice(fault, `${reason}: trying again until it is back.`);
    lost = true;
    await clock.wait(backoff.nextMs(), signal);
    if (signal.aborted) return;
    chunks = await reopen().catch((error: unknown) => {
      if (error instanceof UserError) return undefined; // Reported already as source-lost.
      throw error;
    });
  }
}
