import { expect, test } from 'vitest';
import type { Limits } from '../../../src/server/limits.ts';
import { persistentSource } from '../../../src/stream/sources/persistent.ts';
import type { Source, SourceItem } from '../../../src/types.ts';
import { UserError } from '../../../src/user-error.ts';
import { Client, manualSource, sender, startServer, tempFolder, until } from '../support.ts';

const json = async (server: { url: string }, path: string) => (await fetch(`${server.url}${path}`)).json();

test('why a source is lost or a stream stopped is given as a code with values, live, in lists and in the log', async () => {
  const [radio, file] = [manualSource(), manualSource()];
  const dataDir = tempFolder();
  const server = await startServer({
    dataDir,
    sources: [
      { name: 'radio', source: radio.source },
      { name: 'file', source: file.source },
    ],
  });
  const live = await new Client(server, '/v1/live').opened();
  await live.received('hello');
  await radio.steps(1);
  const reason = { code: 'http-status', values: { status: 404 } };
  await radio.notice('It answered 404: trying again.', reason);
  expect((await live.received('source-lost'))[0]).toMatchObject({ stream: 'radio', ...reason });
  expect(await json(server, 'v1/streams/radio')).toMatchObject({ state: 'lost', ...reason });
  await file.fail(new UserError('truncated-audio', 'It is cut short.', { values: { seconds: 3 } }));
  const stopped = { because: 'failed', code: 'truncated-audio', values: { seconds: 3 } };
  expect((await live.received('stream-stopped'))[0]).toMatchObject({ stream: 'file', ...stopped });
  expect(await json(server, 'v1/streams/file')).toMatchObject({ state: 'stopped', ...stopped });
  await radio.end();
  await until(() => server.hub.get('radio')?.state === 'stopped', 'the end');
  const ended = (await json(server, 'v1/streams/radio')) as object;
  expect(ended).toMatchObject({ because: 'ended' });
  expect(ended).not.toHaveProperty('code');
  expect(ended).not.toHaveProperty('values');
  await server.close();

  const again = await startServer({ dataDir });
  const { events } = (await json(again, 'v1/streams/radio/events')) as { events: object[] };
  expect(events.at(-2)).toMatchObject({ type: 'source-lost', ...reason });
  expect(events.at(-1)).toMatchObject({ type: 'stream-stopped', because: 'ended' });
  const { events: ofFile } = (await json(again, 'v1/streams/file/events')) as { events: object[] };
  expect(ofFile.at(-1)).toMatchObject({ type: 'stream-stopped', ...stopped });
});

test('a source that is opened again passes on the code of what interrupts it', async () => {
  const error = new UserError('unreachable', 'It is gone.', { values: { reason: 'refused' } });
  let opened = 0;
  const source: Source = {
    uri: 'http://radio.example/',
    // biome-ignore lint/correctness/useYield: the first time it throws, then it ends
    async *open() {
      if (opened++ === 0) throw error;
    },
  };
  const items: SourceItem[] = [];
  const again = persistentSource(source, { retryMs: 1, maxRetryMs: 1 });
  for await (const item of again.open(new AbortController().signal)) items.push(item);
  expect(items).toEqual([
    {
      type: 'source-lost',
      message: 'It is gone; trying again until it is back.',
      code: 'unreachable',
      values: { reason: 'refused' },
    },
  ]);
});

test('a sender that sends nothing is named by its code, with how long', async () => {
  const silent = async (limits: Partial<Limits>) => {
    const server = await startServer({ limits });
    const live = await new Client(server, '/v1/live').opened();
    await live.received('hello');
    await sender(server, 'mic');
    return live;
  };
  const [lost] = await (await silent({ audioIdleMs: 100 })).received('source-lost');
  expect(lost).toMatchObject({ code: 'sender-silent', values: { seconds: expect.any(Number) } });
  const [stopped] = await (await silent({ audioIdleMs: 50, audioGoneMs: 100 })).received('stream-stopped');
  expect(stopped).toMatchObject({
    because: 'failed',
    code: 'audio-timeout',
    values: { seconds: expect.any(Number) },
  });
});
