import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { SCOPES, type Scope } from '../../../src/server/auth/access.ts';
import { changeTokens, makeToken, TOKEN_FILE } from '../../../src/server/auth/token-file.ts';
import { Client, startServer, tempFolder, until } from '../support.ts';

const OPEN = { host: '0.0.0.0' } as const;

/** A server that listens on all addresses, with a token of each scope and an expired one. */
async function startOpenServer(options: Parameters<typeof startServer>[0] = {}) {
  const dataDir = tempFolder();
  const file = join(dataDir, TOKEN_FILE);
  const made = Object.fromEntries(SCOPES.map((scope) => [scope, makeToken(scope, [scope])]));
  const old = makeToken('old', ['manage'], new Date(Date.now() - 1));
  await changeTokens(file, () => [...Object.values(made), old].map(({ entry }) => entry));
  const server = await startServer({ ...OPEN, dataDir, ...options });
  const tokens = { ...(Object.fromEntries(SCOPES.map((s) => [s, made[s]!.token])) as Record<Scope, string>) };
  return { server, dataDir, file, tokens, old: old.token };
}

type OpenServer = Awaited<ReturnType<typeof startOpenServer>>;

const send = (server: { port: number }, method: string, path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; body: string; headers: Record<string, unknown> }>((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let body = '';
      if (response.headers['content-type'] === 'text/event-stream') {
        response.destroy(); // An endless response.
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers });
        return;
      }
      response.on('data', (data) => (body += data));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
      );
    })
      .on('error', reject)
      .on('upgrade', (_response, socket) => {
        socket.destroy();
        resolve({ status: 101, body: '', headers: {} });
      })
      .end();
  });

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** Every route of the server with its scope, with `x` for each parameter. */
async function everyRoute({ server }: OpenServer) {
  const { paths } = JSON.parse((await send(server, 'GET', '/openapi.json')).body);
  const scopes = new Map<string, Scope | null>();
  for (const [path, methods] of Object.entries<Record<string, { 'x-scope': Scope | null }>>(paths))
    for (const [method, route] of Object.entries(methods))
      scopes.set(`${method.toUpperCase()} ${path.replace(/\{\w+\}/g, 'x')}`, route['x-scope']);

  const routes = server.routes.filter(
    ({ method, path }) =>
      method !== 'ALL' && (path.startsWith('/v1/') || path === '/metrics') && !path.includes('*'),
  );
  const seen = new Map(
    routes.map(({ method, path }) => [
      `${method} ${path}`,
      { method, path: path.replace(/:\w+(\{[^}]*\})?/g, 'x') },
    ]),
  );
  return [...seen.values()].map((route) => {
    const scope = scopes.get(`${route.method} ${route.path}`);
    if (scope === undefined) throw new Error(`${route.method} ${route.path} is not in /openapi.json`);
    return { ...route, scope };
  });
}

describe('a server that other computers can reach', () => {
  test('rejects missing, wrong, expired and insufficient tokens on every route', async () => {
    const all = await startOpenServer();
    const routes = await everyRoute(all);
    expect(routes.length).toBeGreaterThanOrEqual(6);
    for (const { method, path, scope: needed } of routes) {
      const sockets = path === '/v1/live' || path.endsWith('/audio') ? UPGRADE : {};
      const status = async (token?: string) => {
        const headers = { ...sockets, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
        const answer = await send(all.server, method, path, headers);
        return { route: `${method} ${path}`, status: answer.status, code: codeOf(answer.body) };
      };
      const route = `${method} ${path}`;
      expect(await status()).toEqual({ route, status: 401, code: 'no-token' });
      expect(await status('ut_wrong')).toEqual({ route, status: 401, code: 'wrong-token' });
      expect(await status(all.old)).toEqual({ route, status: 401, code: 'token-expired' });
      for (const scope of SCOPES) {
        const answer = await status(all.tokens[scope]);
        if (scope === needed || scope === 'manage') expect([401, 403]).not.toContain(answer.status);
        else expect(answer).toEqual({ route, status: 403, code: 'scope' });
      }
    }
  });

  test('does not start without a valid token', async () => {
    await expect(startServer(OPEN)).rejects.toMatchObject({ code: 'usage' });
    const dataDir = tempFolder();
    const old = makeToken('old', ['watch'], new Date(Date.now() - 1));
    await changeTokens(join(dataDir, TOKEN_FILE), () => [old.entry]);
    await expect(startServer({ ...OPEN, dataDir })).rejects.toMatchObject({ code: 'usage' });
  });

  test('accepts a token as a subprotocol, which it does not select', async () => {
    const { server, tokens } = await startOpenServer();
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/live`, [
      'undertone',
      `bearer.${tokens.watch}`,
    ]);
    const hello = await new Promise((resolve) =>
      socket.once('message', (data) => resolve(JSON.parse(String(data)))),
    );
    expect(hello).toMatchObject({ type: 'hello' });
    expect(socket.protocol).toBe('undertone');
    socket.terminate();
  });

  test('explains a refused upgrade to pages in a socket, to other clients in the response', async () => {
    const { server, tokens } = await startOpenServer();
    const origin = { origin: `http://127.0.0.1:${server.port}` };
    const page = new Client(server, '/v1/live?token=wrong', origin);
    expect(await page.closed).toEqual({ code: 4401, reason: 'wrong-token' });
    expect(page.messages).toEqual([{ type: 'error', code: 'wrong-token', message: expect.any(String) }]);
    const sender = new Client(server, `/v1/streams/a/audio?token=${tokens.watch}`, origin);
    expect((await sender.closed).code).toBe(4403);
    const program = await send(server, 'GET', '/v1/live', UPGRADE);
    expect(program).toMatchObject({ status: 401, headers: { 'content-type': 'application/problem+json' } });
    expect(JSON.parse(program.body)).toMatchObject({
      code: 'no-token',
      detail: expect.stringContaining('Bearer'),
    });
  });

  test('closes connections when their token is revoked', async () => {
    const { server, tokens, file } = await startOpenServer();
    const live = new Client(server, `/v1/live?token=${tokens.watch}`);
    const other = new Client(server, `/v1/live?token=${tokens.manage}`);
    await live.received('hello');
    await other.received('hello');
    await changeTokens(file, (all) => all.filter(({ name }) => name !== 'watch'));
    expect((await live.closed).code).toBe(4401);
    expect(live.of('error')).toMatchObject([{ code: 'token-expired' }]);
    expect(other.socket.readyState).toBe(WebSocket.OPEN);
  });

  test('writes changes to the audit with the name of the token, but not the token', async () => {
    const { server, tokens, dataDir } = await startOpenServer();
    await send(server, 'POST', `/v1/streams?token=${tokens.manage}`);
    await send(server, 'POST', '/v1/streams', { authorization: `Bearer ${tokens.watch}` });
    await (await new Client(server, `/v1/streams/mic/audio?token=${tokens.send}`).opened()).socket.close();
    const lines = () => readFileSync(join(dataDir, 'audit.ndjson'), 'utf8').trim().split('\n');
    await until(() => lines().length > 1, 'the audit');
    expect(lines().map((line) => JSON.parse(line))).toMatchObject([
      { what: 'POST /v1/streams', who: 'manage', from: '127.0.0.1', status: 400 },
      { what: 'SEND /v1/streams/mic/audio', who: 'send', from: '127.0.0.1' },
    ]);
    expect(lines().join()).not.toContain('ut_');
  });
});

describe('pages of other sites', () => {
  test('cannot upgrade or change; those that the configuration names can read and connect', async () => {
    const friend = 'https://radio.example';
    const { server, tokens } = await startOpenServer({ access: { origins: [friend] } });
    const evil = new Client(server, `/v1/live?token=${tokens.manage}`, { origin: 'https://evil.example' });
    expect((await evil.refused).status).toBe(403);
    await new Client(server, `/v1/live?token=${tokens.watch}`, { origin: friend }).received('hello');
    const cors = async (origin: string) =>
      (await send(server, 'GET', `/v1/streams?token=${tokens.watch}`, { origin })).headers[
        'access-control-allow-origin'
      ];
    expect(await cors(friend)).toBe(friend);
    expect(await cors('https://evil.example')).toBeUndefined();
    const preflight = await send(server, 'OPTIONS', '/v1/streams', {
      origin: friend,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    });
    expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': friend } });
  });
});

describe('the rate limit', () => {
  test('counts requests of an address and of a token separately', async () => {
    const { server, tokens } = await startOpenServer({
      access: { requestsPerMinute: { address: 20, token: 3 } },
    });
    const get = (token: string) => send(server, 'GET', '/v1/streams', { authorization: `Bearer ${token}` });
    for (let i = 0; i < 3; i++) expect((await get(tokens.watch)).status).toBe(200);
    const refused = await get(tokens.watch);
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    });
    expect(codeOf(refused.body)).toBe('too-many-requests');
    expect((await get(tokens.manage)).status).toBe(200);
    const statuses = [];
    for (let i = 0; i < 20; i++) statuses.push((await send(server, 'GET', '/healthz')).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });
});

function codeOf(body: string): string | undefined {
  try {
    return JSON.parse(body).code;
  } catch {
    return undefined;
  }
}
