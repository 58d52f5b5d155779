import { deferred } from '../util/deferred.ts';
import { createBackoff, type RetryOptions, wait } from '../util/retry.ts';
import { within } from '../util/within.ts';
import type { Batch } from './delivery-queue.ts';
import type { SinkConnection, SinkStep } from './kinds/stream-sink-kind.ts';
import { faultOf, SinkFault } from './sink-fault.ts';

export interface LinkOptions extends Partial<RetryOptions> {
  readonly open: (signal: AbortSignal) => Promise<SinkConnection>;
  /** Whether steps are dropped while there is no connection; otherwise they wait for one. */
  readonly live: boolean;
  /** How long one step may take to be sent. */
  readonly sendMs?: number;
  /** The state has changed. `fault`: why it is down; undefined: it is up. */
  readonly onChange: (fault: SinkFault | undefined) => void;
  /**
   * How long a new connection must hold before the link counts as up again. A UDP port that is closed shows only
   * after the first packets.
   */
  readonly stableMs?: number;
}

export interface Link {
  /** `connecting`: the first attempt is not over. `down` until a new connection has proved itself. */
  readonly state: 'connecting' | 'up' | 'down';
  /** How often the connection was lost or could not be opened. */
  readonly failures: number;
  /** Sends one batch at a time. Resolves with undefined when it was sent, or with the reason why it is dropped. */
  send(steps: Batch<SinkStep>): Promise<string | undefined>;
  close(): Promise<void>;
}

const CLOSE_MS = 1_000;
const DEFAULTS = { retryMs: 1_000, maxRetryMs: 60_000, stableMs: 3_000, sendMs: 10_000 };

/** Keeps a connection open, and sends over it: reconnects for ever, after growing, jittered waits. */
export function createLink(options: LinkOptions): Link {
  const { open, live, sendMs, onChange, stableMs, ...retry } = { ...DEFAULTS, ...options };
  const abort = new AbortController();
  const { signal } = abort;
  const backoff = createBackoff(retry);
  let state: Link['state'] = 'connecting';
  let failures = 0;
  let held: { readonly connection: SinkConnection; readonly fail: (fault: SinkFault) => void } | undefined;
  /** Continues a batch that waits for a connection. */
  let wake = () => {};
  const running = run();

  return {
    get state() {
      return state;
    },
    get failures() {
      return failures;
    },
    async send(steps) {
      while (!signal.aborted) {
        const used = held;
        if (!used) {
          if (live && state === 'down') return 'it is down';
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        try {
          const reason = await sendInTime(used.connection, steps);
          if (used === held && used.connection.provenBySend) settle();
          return reason;
        } catch (error) {
          const fault = faultOf(error);
          used.fail(fault);
          if (live) return fault.message;
        }
      }
      return undefined;
    },
    async close() {
      abort.abort();
      await running;
    },
  };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await hold().catch((error) => lose(faultOf(error)));
      await wait(backoff.nextMs(), signal);
    }
    wake();
  }

  /** Opens a connection, and holds it until it fails or the link is closed. */
  async function hold(): Promise<void> {
    const connection = await open(signal);
    const { promise: over, resolve: end } = deferred<void>();
    const opened = {
      connection,
      fail(fault: SinkFault) {
        if (held === opened) lose(fault);
        end();
      },
    };
    let stable: NodeJS.Timeout | undefined;
    if (!connection.provenBySend) {
      if (state === 'down') stable = setTimeout(settle, stableMs).unref();
      else settle();
    }
    void connection.lost?.then(opened.fail);
    const stop = () => end();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    held = opened;
    wake();
    await over;
    held = undefined;
    signal.removeEventListener('abort', stop);
    clearTimeout(stable);
    // A connection that is lost may not close either, or never finish.
    await within(
      CLOSE_MS,
      (async () => connection.close())().catch(() => {}),
    );
  }

  async function sendInTime(connection: SinkConnection, steps: Batch<SinkStep>): Promise<string | undefined> {
    const sent = connection.send(steps);
    if (await within(sendMs, sent)) return sent;
    const seconds = sendMs / 1000;
    throw new SinkFault('timeout', `a step was not accepted within ${seconds} s`, { values: { seconds } });
  }

  function lose(fault: SinkFault): void {
    if (signal.aborted) return;
    held = undefined;
    failures++;
    change('down', fault);
    wake();
  }

  function settle(): void {
    backoff.reset();
    change('up');
  }

  function change(next: 'up' | 'down', fault?: SinkFault): void {
    const before = state;
    state = next;
    if (next !== before) onChange(fault);
  }
}
