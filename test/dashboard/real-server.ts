import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Observable } from 'rxjs';
import { afterEach, beforeEach } from 'vitest';
import { type Client, createClient } from '../../src/client/index.ts';
import { createServer } from '../../src/server/server.ts';
import type { RunningServer } from '../../src/server/server-options.ts';
import type { StreamMessage } from '../../src/types.ts';
import { fakeFrame } from './fake-frame.ts';

const dashboard = fileURLToPath(new URL('../../dist/dashboard', import.meta.url));

interface RealServer {
  readonly server: RunningServer;
  /** Emits steps of the stream `booth`. */
  readonly step: (count?: number) => void;
}

/** A real server of each test, with a log of its own. */
export interface TestServer {
  readonly url: string;
  readonly client: () => Client;
  /** Emits steps of the stream `booth`. */
  readonly step: (count?: number) => void;
  readonly close: () => Promise<void>;
  /** Starts it again after `close`, with the same log and address. */
  readonly restart: () => Promise<void>;
}

/** Starts a server before each test, with 20 steps of the stream `booth`, and closes it afterwards. */
export function useRealServer(): TestServer {
  let running: RealServer;
  let dataDir: string;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'undertone-test-'));
    running = await startRealServer({ dataDir });
    running.step(20);
  });
  afterEach(async () => {
    await running.server.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return {
    get url() {
      return running.server.url;
    },
    client: () => createClient({ url: running.server.url }),
    step: (count) => running.step(count),
    close: () => running.server.close(),
    async restart() {
      running = await startRealServer({ dataDir, port: running.server.port });
    },
  };
}

/** The real server with the streams `booth` and `room-2`, whose tracker emits a frame for each call of `step`. */
export async function startRealServer({
  dataDir,
  port = 0,
}: {
  readonly dataDir: string;
  readonly port?: number;
}): Promise<RealServer> {
  let seq = 0;
  let step: RealServer['step'] = () => {};
  const server = await createServer({
    startTracker: (_source, stream) => ({
      messages$: new Observable<StreamMessage>((subscriber) => {
        if (stream !== 'booth') return;
        step = (count = 1) => {
          for (let i = 0; i < count; i++) subscriber.next(fakeFrame(stream, seq++, Date.now()));
        };
      }),
    }),
    analyzer: async function* () {},
    model: 'fake',
    engine: 'none',
    dataDir,
    port,
    dashboardFolder: dashboard,
    sources: ['room-2', 'booth'].map((name) => ({
      name,
      source: { uri: 'demo:', open: () => new ReadableStream() as never },
    })),
  });
  return { server, step: (count) => step(count) };
}
