import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SCOPES, type Scope } from '../../../src/server/auth/access.ts';
import { changeTokens, makeToken, TOKEN_FILE } from '../../../src/server/auth/token-file.ts';
import { type RawAnswer, rawRequest } from '../raw-request.ts';
import { missing, serveWith } from '../serve-process.ts';
import { tempFolder, until } from '../support.ts';

/** A route of `undertone serve`, from /openapi.json. */
interface Route {
  readonly method: string;
  readonly path: string;
  readonly scope: Scope | null;
  readonly isSocket: boolean;
}

const UPGRADE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
const FRIEND = 'https://radio.example';
/** For some hundred requests in sequence. */
const SLOW = { timeout: 600_000 };
const OPEN_TO_ALL = ['GET /docs', 'GET /healthz', 'GET /openapi.json', 'GET /readyz'];

async function startOpenServer() {
  const made = Object.fromEntries(SCOPES.map((scope) => [scope, makeToken(scope, [scope])]));
  const old = makeToken('old', ['manage'], new Date(Date.now() - 1));
  const file = join(tempFolder(), TOKEN_FILE);
  await changeTokens(file, () => [...Object.values(made), old].map(({ entry }) => entry));
  const served = await serveWith({ host: '0.0.0.0', tokens: { file }, origins: [FRIEND] });
  const tokens = Object.fromEntries(SCOPES.map((scope) => [scope, made[scope]!.token]));
  return { ...served, tokens: tokens as Record<Scope, string>, old: old.token };
}

async function routesOf(port: number): Promise<Route[]> {
  const { paths } = JSON.parse((await rawRequest(port, 'GET', '/openapi.json')).body) as {
    paths: Record<string, Record<string, { 'x-scope': Scope | null; responses: Record<string, unknown> }>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { 'x-scope': scope, responses }]) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{\w+\}/g, 'x'),
      scope,
      isSocket: '101' in responses,
    })),
  );
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const codeOf = ({ body }: RawAnswer): string | undefined => /"code":"([\w-]+)"/.exec(body)?.[1];

describe.skipIf(missing !== '')('every route of undertone serve', () => {
  test(
    'accepts tokens of its scope, and rejects missing, wrong, expired and other tokens, however they are sent',
    SLOW,
    async () => {
      const { port, tokens, old, server, dataDir } = await startOpenServer();
      const routes = await routesOf(port);
      expect(routes.length).toBeGreaterThan(20);
      expect(
        routes
          .filter(({ scope }) => scope === null)
          .map(({ method, path }) => `${method} ${path}`)
          .sort(),
      ).toEqual(OPEN_TO_ALL);

      for (const { method, path, scope, isSocket } of routes.filter(({ scope }) => scope !== null)) {
        const about = `${method} ${path}`;
        const send = (headers: Record<string, string> = {}, at = path) =>
          rawRequest(port, method, at, { ...(isSocket && UPGRADE), ...headers });
        const refused = async (answer: Promise<RawAnswer>, status: number, code: string) => {
          const got = await answer;
          expect({ about, status: got.status, code: codeOf(got) }).toEqual({ about, status, code });
          expect(got.head).toMatch(/content-type: application\/problem\+json/i);
          expect(got.head).toMatch(/www-authenticate: bearer/i);
        };
        await refused(send(), 401, 'no-token');
        for (const [token, code] of [
          ['ut_wrong', 'wrong-token'],
          [`${tokens.manage}x`, 'wrong-token'],
          [tokens.manage.slice(0, -1), 'wrong-token'],
          [old, 'token-expired'],
        ] as const) {
          await refused(send(bearer(token)), 401, code);
          await refused(send({}, `${path}?token=${token}`), 401, code);
          await refused(send({ 'Sec-WebSocket-Protocol': `undertone, bearer.${token}` }), 401, code);
        }
        await refused(send({ Authorization: `Basic ${tokens.manage}` }), 401, 'no-token');
        for (const held of SCOPES) {
          if (held !== scope && held !== 'manage') await refused(send(bearer(tokens[held])), 403, 'scope');
          else expect([401, 403]).not.toContain((await send(bearer(tokens[held]))).status);
        }
        const evil = await send({ ...bearer(tokens.manage), Origin: 'https://evil.example' });
        expect(evil.head).not.toMatch(/access-control-allow-origin/i);
        if (isSocket || method !== 'GET')
          expect({ about, status: evil.status, code: codeOf(evil) }).toEqual({
            about,
            status: 403,
            code: 'wrong-origin',
          });
        const friend = await send({ Origin: FRIEND });
        if (!isSocket) expect(friend.head).toContain(`access-control-allow-origin: ${FRIEND}`);
      }

      // Each authorized change has a line, also where it failed.
      const changes = routes.filter(({ method, path }) => method !== 'GET' && path !== '/v1/analyze');
      const lines = () =>
        readFileSync(join(dataDir, 'audit.ndjson'), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
      for (const { method, path } of changes)
        expect(lines()).toContainEqual({
          time: expect.any(String),
          what: `${method} ${path}`,
          who: 'manage',
          from: '127.0.0.1',
          status: expect.any(Number),
        });
      await until(
        () => lines().some(({ what }) => what === 'SEND /v1/streams/x/audio'),
        'the line of the sender',
      );
      expect(lines().filter(({ who }) => !['manage', 'send'].includes(who))).toEqual([]);
      for (const token of [...Object.values(tokens), old])
        expect(server.out + server.err + JSON.stringify(lines())).not.toContain(token);
      expect(server.code()).toBeUndefined();
    },
  );
});
