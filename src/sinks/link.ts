import { createBackoff, type RetryOptions, wait } from '../util/retry.ts';
import { within } from '../util/within.ts';
import type { SinkConnection } from './kinds/stream-sink-kind.ts';
import { faultOf, SinkFault } from './sink-fault.ts';

export interface LinkOptions extends Partial<RetryOptions> {
  readonly open: (signal: AbortSignal) => Promise<SinkConnection>;
  /** The state has changed. `fault`: why it is down; undefined: it is up. */
  readonly onChange: (fault: SinkFault | undefined) => void;
  /**
   * How long a new connection must hold before the link counts as up again. A UDP port that is closed shows only
   * after the first packets.
   */
  readonly stableMs?: number;
}

export interface Link {
  /** `connecting`: the first attempt is not over. */
  readonly state: 'connecting' | 'up' | 'down';
  /** How often the connection was lost or could not be opened. */
  readonly failures: number;
  /** May be open while the link is still `down`, see `stableMs`. */
  readonly connection: SinkConnection | undefined;
  /** Resolves when the first attempt is over. */
  readonly tried: Promise<void>;
  /** Resolves when there is a connection, or the link is closed. */
  connected(): Promise<void>;
  /** A step was sent over a connection. */
  confirm(connection: SinkConnection): void;
  /** Gives up a connection that does not work. */
  fail(connection: SinkConnection, fault: SinkFault): void;
  close(): Promise<void>;
}

const CLOSE_MS = 1_000;
const DEFAULTS = { retryMs: 1_000, maxRetryMs: 60_000, stableMs: 3_000 };

/** Keeps a connection open: reconnects for ever, after growing, jittered waits. */
export function createLink(options: LinkOptions): Link {
  const { open, onChange, stableMs, ...retry } = { ...DEFAULTS, ...options };
  const abort = new AbortController();
  const { signal } = abort;
  const backoff = createBackoff(retry);
  let state: Link['state'] = 'connecting';
  let failures = 0;
  let connection: SinkConnection | undefined;
  let onFail: ((fault: SinkFault) => void) | undefined;
  let waiting: (() => void)[] = [];
  let firstTry: () => void;
  const tried = new Promise<void>((resolve) => (firstTry = resolve));
  const running = run();

  return {
    get state() {
      return state;
    },
    get failures() {
      return failures;
    },
    get connection() {
      return connection;
    },
    tried,
    connected: () =>
      connection || signal.aborted ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
    confirm(confirmed) {
      if (confirmed === connection && confirmed.provenBySend) settle();
    },
    fail(failed, fault) {
      if (failed !== connection) return;
      connection = undefined;
      change('down', fault); // At once, so that the caller sees it.
      onFail?.(fault);
    },
    async close() {
      abort.abort();
      await running;
    },
  };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const fault = await hold().catch(faultOf);
      firstTry();
      if (signal.aborted) break;
      failures++;
      change('down', fault);
      await wait(backoff.nextMs(), signal);
    }
    wake();
  }

  /** Opens a connection and holds it until it is lost; resolves with the fault. */
  async function hold(): Promise<SinkFault> {
    const opened = await open(signal);
    let stable: NodeJS.Timeout | undefined;
    let closed: (() => void) | undefined;
    if (!opened.provenBySend) {
      if (state === 'down') stable = setTimeout(settle, stableMs).unref();
      else settle();
    }
    try {
      return await new Promise<SinkFault>((resolve) => {
        onFail = resolve;
        void opened.lost?.then(resolve);
        closed = () => resolve(new SinkFault('closed', 'it was closed'));
        if (signal.aborted) closed();
        else signal.addEventListener('abort', closed);
        connection = opened;
        firstTry();
        wake();
      });
    } finally {
      connection = undefined;
      if (closed) signal.removeEventListener('abort', closed);
      clearTimeout(stable);
      // A connection that is lost may not close either, or never finish.
      const closing = (async () => opened.close())().catch(() => {});
      await within(CLOSE_MS, closing);
    }
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

  function wake(): void {
    for (const resolve of waiting) resolve();
    waiting = [];
  }
}
