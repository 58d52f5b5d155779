import { expect, test } from 'vitest';
import { persistentSource } from '../../../src/stream/sources/persistent.ts';
import type { Source, SourceItem } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';

const chunk: SourceItem = {
  type: 'audio',
  sampleRateHz: 8_000,
  channels: 1,
  samples: new Float32Array(4_000),
  arrivedAtMs: 0,
};

/** Each time it is opened, it plays the next part of the script. */
function scripted(...script: readonly (UserError | Error | 'audio' | 'end')[][]): Source {
  let opened = 0;
  return {
    uri: 'test:',
    async *open() {
      for (const act of script[opened++] ?? []) {
        if (act instanceof Error) throw act;
        if (act === 'audio') yield chunk;
      }
    },
  };
}

const gone = new UserError('soundcard-gone', 'The card is gone.');

async function play(source: Source): Promise<string[]> {
  const received: string[] = [];
  const persistent = persistentSource(source, { retryMs: 1, maxRetryMs: 2 });
  for await (const item of persistent.open(new AbortController().signal))
    received.push('message' in item ? `${item.type}: ${item.message}` : item.type);
  return received;
}

test('a source that throws, even when it is opened, is opened again; a source that ends is not', async () => {
  expect(await play(scripted([gone], [gone], ['audio', gone], ['audio', 'end'], ['audio']))).toEqual([
    'source-lost: The card is gone; trying again until it is back.',
    'source-restored: test: is back.',
    'audio',
    'source-lost: The card is gone; trying again until it is back.',
    'source-restored: test: is back.',
    'audio',
  ]);
});

test('an internal error is not retried', async () => {
  await expect(play(scripted([new TypeError('x')], ['audio']))).rejects.toThrow(TypeError);
});

test('an abort ends it while it waits', async () => {
  const abort = new AbortController();
  const items = persistentSource(scripted([gone]), { retryMs: 60_000 })
    .open(abort.signal)
    [Symbol.asyncIterator]();
  await items.next();
  const end = items.next();
  abort.abort();
  expect((await end).done).toBe(true);
});
