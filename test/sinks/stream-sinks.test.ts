import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { sinkEntry } from '../../src/sinks/sink-entry.ts';
import { createStreamSinks } from '../../src/sinks/stream-sinks.ts';
import { frameOf, until } from '../server/support.ts';
import { collectingLogger, FAST } from './support.ts';

test('counts what a sink that was removed could not send any more', async () => {
  const silent = createServer(); // Accepts requests and never answers.
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  const sinks = createStreamSinks({ logger: collectingLogger().logger, ...FAST });
  const entry = sinkEntry.parse({ sink: `webhook:http://127.0.0.1:${port}/` });
  sinks.set({ forAll: [{ entry }], own: new Map() });
  for (let seq = 0; seq < 3; seq++)
    sinks.write({ message: frameOf('booth', seq), run: 1, seq, json: new Uint8Array(0) });
  expect(sinks.counts()).toEqual({ queued: 3, dropped: 0 });
  sinks.set({ forAll: [], own: new Map() });
  await until(() => sinks.counts()!.dropped === 3, 'the end of the sink');
});
