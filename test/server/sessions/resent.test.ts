import { describe, expect, test } from 'vitest';
import { Client, tempFolder } from '../support.ts';
import { booth } from './session-api.ts';

describe('a session whose start is sent again', () => {
  test('begins once, at the moment of the press', async () => {
    const dataDir = tempFolder();
    const first = await booth({ dataDir });
    await first.booth.steps(1);
    const startedAt = new Date(Date.now() - 30_000).toISOString();
    const start = { stream: 'booth', key: 'new:1f-9', title: 'Evening', startedAt };
    const together = await Promise.all([1, 2, 3].map(() => first.api('POST', '/v1/sessions', start)));
    const { body: session } = together[0]!;
    expect(session).toMatchObject({ title: 'Evening', startedAt });
    for (const { status, body } of together) expect([status, body.id]).toEqual([201, session.id]);
    await first.server.close();

    const second = await booth({ dataDir });
    await second.api('POST', `/v1/sessions/${session.id}/stop`);
    // Also when it has stopped since: it is the same start.
    expect((await second.api('POST', '/v1/sessions', start)).body).toMatchObject({
      id: session.id,
      state: 'stopped',
    });
    const other = await second.api('POST', '/v1/sessions', { ...start, key: 'new:1f-10' });
    expect(other.body.id).not.toBe(session.id);
    expect((await second.api('GET', '/v1/sessions')).body.sessions).toHaveLength(2);
    expect((await second.api('POST', '/v1/sessions', { ...start, key: 'a b' })).status).toBe(400);
  });

  test('is announced once', async () => {
    const { api, server } = await booth();
    const client = new Client(server, '/v1/live');
    await client.received('hello');
    const start = { stream: 'booth', key: 'k' };
    const { body } = await api('POST', '/v1/sessions', start);
    await api('POST', '/v1/sessions', start);
    await api('POST', `/v1/sessions/${body.id}/stop`);
    await client.received('session', 2);
    expect(client.of('session').map(({ change }) => change)).toEqual(['started', 'stopped']);
  });
});

describe('a stop that arrives late', () => {
  const started = async (secondsAgo: number) => {
    const { api } = await booth();
    const startedAt = Date.now() / 1000 - secondsAgo;
    const { body } = await api('POST', '/v1/sessions', { stream: 'booth', startedAt });
    const path = `/v1/sessions/${body.id}`;
    const stop = async (secondsAfter: number) =>
      (await api('POST', `${path}/stop`, { stoppedAt: startedAt + secondsAfter })).body;
    return { api, path, startedAt, stop };
  };

  test('ends the session when it was pressed, once', async () => {
    const { stop } = await started(60);
    expect(await stop(40)).toMatchObject({ state: 'stopped', seconds: 40 });
    expect(await stop(50)).toMatchObject({ seconds: 40 });
  });

  test('leaves no marker outside', async () => {
    const { api, path, startedAt, stop } = await started(60);
    await api('POST', `${path}/markers`, { time: startedAt + 50 });
    expect(await stop(40)).toMatchObject({ seconds: 50 });
  });

  test('is within the session, where a difference of clocks explains that it is not', async () => {
    const { stop } = await started(60);
    expect(await stop(-30)).toMatchObject({ code: 'bad-request', errors: [{ path: 'stoppedAt' }] });
    expect(await stop(-2)).toMatchObject({ state: 'stopped', seconds: 0 });
    const later = await started(60);
    const aheadS = Date.now() / 1000 + 3 - later.startedAt;
    const ahead = await later.stop(aheadS);
    expect(ahead.seconds).toBeGreaterThanOrEqual(60);
    expect(ahead.seconds).toBeLessThan(aheadS);
  });
});
