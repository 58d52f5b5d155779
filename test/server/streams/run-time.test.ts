import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listening, missing, serveWith, startWith } from '../serve-process.ts';
import { Client, until } from '../support.ts';

const TOKEN = { UNDERTONE_TOKEN: 'sesame' };
const bearer = { authorization: 'Bearer sesame' };

describe.skipIf(missing !== '')('a stream that is added over the API', () => {
  test('survives kill -9, and is removed when it is deleted; both are in the audit', async () => {
    const first = await serveWith({ streams: [] }, TOKEN);
    const post = (body: object) =>
      fetch(`${first.url}v1/streams`, {
        method: 'POST',
        headers: { ...bearer, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const added = await post({ name: 'extra', source: 'demo:?seed=5', keep: '90d' });
    expect({ status: added.status, at: added.headers.get('location') }).toEqual({
      status: 201,
      at: '/v1/streams/extra',
    });
    expect((await post({ name: 'file', source: 'file:/etc/passwd' })).status).toBe(403);
    expect((await post({ name: 'number', source: `${first.url}healthz` })).status).toBe(403);
    // A name is resolved when it is connected to: this one resolves to the server itself.
    const live = new Client(first, '/v1/live?token=sesame');
    await live.received('emotion', 2);
    expect((await post({ name: 'near', source: `http://localhost:${first.port}/healthz` })).status).toBe(201);
    const isRefused = ({ stream, message }: { stream: string; message: string }) =>
      stream === 'near' && /not public|private|remote\.privateNetworks/.test(message);
    await until(() => live.messages.some(isRefused), 'the rejection');
    expect(live.of('emotion').filter(({ stream }) => stream === 'near')).toEqual([]);
    first.server.child.kill('SIGKILL');
    await until(() => first.server.code() !== undefined, 'the end');

    const again = startWith(TOKEN, '--config', first.file);
    const address = await listening(again);
    const watcher = new Client(address, '/v1/live?streams=extra&token=sesame');
    await watcher.received('emotion', 2);
    const gone = await fetch(`${address.url}v1/streams/extra`, { method: 'DELETE', headers: bearer });
    expect(gone.status).toBe(204);
    await watcher.received('stream-stopped');
    again.child.kill('SIGTERM');
    await until(() => again.code() !== undefined, 'the end');

    const managed = JSON.parse(readFileSync(join(first.dataDir, 'managed.json'), 'utf8'));
    expect(managed.streams).toMatchObject([{ name: 'near' }]);
    const audit = readFileSync(join(first.dataDir, 'audit.ndjson'), 'utf8').trim().split('\n');
    const lines = audit.map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { what: 'POST /v1/streams', who: '--token', status: 201 },
      { what: 'POST /v1/streams', status: 403 },
      { what: 'POST /v1/streams', status: 403 },
      { what: 'POST /v1/streams', status: 201 },
      { what: 'DELETE /v1/streams/extra', who: '--token', status: 204 },
    ]);
  });
});
