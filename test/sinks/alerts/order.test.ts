import { BlockList } from 'node:net';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/user-error.ts';
import { Client, manualSource, startServer } from '../../server/support.ts';

test('alerts follow the message that raises them, but precede the stop of a run, live and in the log', async () => {
  const a = manualSource();
  const server = await startServer({
    sources: [{ name: 'a', source: a.source }],
    plan: {
      streams: [],
      alerts: [{ name: 'gone', when: 'source-lost' }],
      keep: undefined,
      remote: { schemes: [], folders: [], privateNetworks: new BlockList() },
    },
  });
  const live = new Client(server, '/v1/live');
  await live.received('hello');
  await a.steps(2);
  await a.notice('Gone.');
  await live.received('source-lost');
  await a.steps(1);
  await a.fail(new UserError('no-file', 'There is no such file.'));
  await live.received('stream-stopped');
  const types = live.messages.map(({ type }) => type);
  expect(types.slice(types.indexOf('emotion'))).toEqual([
    'emotion',
    'emotion',
    'source-lost',
    'alert-raised',
    'emotion',
    'alert-cleared',
    'alert-raised',
    'stream-stopped',
  ]);
  const replayed = new Client(server, '/v1/live?since=-1');
  await replayed.received('stream-stopped');
  const logged = replayed.messages.map(({ type }) => type);
  expect(logged.slice(logged.indexOf('emotion'))).toEqual(types.slice(types.indexOf('emotion')));
});
