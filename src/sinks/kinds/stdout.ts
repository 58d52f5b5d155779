import { SinkFault } from '../sink-fault.ts';
import { BadSink } from '../sink-uri.ts';
import { claim } from './claim.ts';
import { createRows, rowFormat } from './rows.ts';
import type { StreamSinkKind } from './stream-sink-kind.ts';

/** Standard output, as NDJSON or CSV. `undertone serve` then prints its own text to standard error. */
export const stdoutSink: StreamSinkKind = {
  schemes: ['stdout'],
  usage: 'stdout:',
  about: 'standard output, as NDJSON or CSV',
  example: 'stdout:?format=csv',
  params: ['format'],
  remote: false,
  live: true,
  maxQueued: 256,
  batch: { maxItems: 64, waitMs: 0 },
  wholeFrames: true,
  create(target) {
    if (target.path !== '') throw new BadSink('expected "stdout:" without a path');
    const rows = createRows(rowFormat(target, 'ndjson'), target);
    return {
      async open() {
        const out = process.stdout;
        if (out.writableEnded || out.destroyed) throw new SinkFault('no-reader', 'standard output is closed');
        // What was written before is not read: more would only fill the memory.
        if (out.writableNeedDrain) throw new SinkFault('no-reader', 'nobody reads standard output');
        const free = claim('stdout:');
        // When the reader leaves, a command ends, but a server continues. `send` notices the error.
        out.removeAllListeners('error').on('error', () => {});
        let isNew = true;
        return {
          send(steps) {
            const lines = steps.map((step) => rows.line(step)).join('');
            const text = isNew ? rows.header + lines : lines;
            isNew = false;
            return new Promise((resolve, reject) => {
              out.write(text, (error) => (error ? reject(error) : resolve(undefined)));
            });
          },
          close: free,
        };
      },
    };
  },
};
