import { BlockList } from 'node:net';
import { expect, test } from 'vitest';
import { createClient } from '../../../src/client/index.ts';
import { startServer } from '../support.ts';

test('a token that was made over the API works at once, is not shown again, and can be revoked', async () => {
  const { url } = await startServer({ token: 'the-master-token' });
  const { tokens } = createClient({ url, token: 'the-master-token' });
  const { token, ...info } = await tokens.make({ name: 'wall display', expires: '30d' });
  expect(info).toMatchObject({ name: 'wall display', scopes: ['watch'], lastUsed: null });
  expect(Date.parse(info.expires!) - Date.now()).toBeGreaterThan(29 * 86_400_000);

  const list = await tokens.list();
  expect(list).toEqual({ tokens: [info], required: true });
  expect(JSON.stringify(list)).not.toContain(token);
  const display = createClient({ url, token });
  expect(await display.streams.list()).toEqual([]);
  await expect(display.tokens.list()).rejects.toMatchObject({ status: 403, code: 'scope' });

  await expect(tokens.make({ name: 'wall display' })).rejects.toMatchObject({
    status: 409,
    code: 'token-exists',
  });
  await tokens.revoke(info.id);
  await expect(display.streams.list()).rejects.toMatchObject({ code: 'wrong-token' });
  await expect(tokens.revoke(info.id)).rejects.toMatchObject({ status: 404, code: 'unknown-token' });
});

test('no token is made over a connection that others can read', async () => {
  const proxies = new BlockList();
  proxies.addAddress('127.0.0.1');
  const { url } = await startServer({ token: 'the-master-token', access: { proxies } });
  const make = (headers: Record<string, string>) =>
    fetch(`${url}v1/tokens`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer the-master-token',
        'content-type': 'application/json',
        'x-forwarded-for': '203.0.113.7',
        ...headers,
      },
      body: '{"name":"booth","scopes":["send"]}',
    });
  const refused = await make({});
  expect({ status: refused.status, body: await refused.json() }).toMatchObject({
    status: 403,
    body: { code: 'insecure' },
  });
  expect((await make({ 'x-forwarded-proto': 'https' })).status).toBe(201);
});
