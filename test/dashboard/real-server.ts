import { fileURLToPath } from 'node:url';
import { Observable } from 'rxjs';
import { createServer } from '../../src/server/server.ts';
import type { RunningServer } from '../../src/server/server-options.ts';
import type { StreamMessage } from '../../src/types.ts';
import { fakeFrame } from './fake-frame.ts';

const dashboard = fileURLToPath(new URL('../../dist/dashboard', import.meta.url));

export interface RealServer {
  readonly server: RunningServer;
  /** Emits steps of the stream `booth`. */
  readonly step: (count?: number) => void;
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
