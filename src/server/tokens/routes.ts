import type { BlockList, Socket } from 'node:net';
import type { Context } from 'hono';
import { parseDuration } from '../../util/duration.ts';
import { inList, unmapped } from '../auth/address.ts';
import { isLoopback } from '../auth/origin.ts';
import {
  addToken,
  lastUsedFile,
  readLastUsed,
  readTokens,
  revokeToken,
  type TokenEntry,
} from '../auth/token-file.ts';
import { Problem } from '../http/problem.ts';
import { type App, type Env, json, jsonBody, route } from '../http/route.ts';
import { madeToken, newToken, tokenList, tokenParam } from './schema.ts';
import type { TokenInfo } from './token-info.ts';

export interface TokenServices {
  readonly tokens: {
    /** The file of `undertone token`. */
    readonly file: string;
    /** Whether every client needs a token. */
    readonly required: () => boolean;
    readonly proxies: () => BlockList;
    readonly onChange: () => void;
  };
}

const tags = ['Tokens'];

const listTokens = route('manage', {
  method: 'get',
  path: '/v1/tokens',
  tags,
  summary: 'List the tokens, without the tokens themselves',
  responses: { 200: json(tokenList, 'The tokens.') },
});

const makeOne = route('manage', {
  method: 'post',
  path: '/v1/tokens',
  tags,
  summary: 'Make a token',
  description:
    'The response is the only one with the token. It is refused with `insecure` over a connection that others could read: use HTTPS, or this computer.',
  request: jsonBody(newToken),
  responses: { 201: json(madeToken, 'The token.') },
});

const revokeOne = route('manage', {
  method: 'delete',
  path: '/v1/tokens/{id}',
  tags,
  summary: 'Revoke a token; its open connections are closed',
  request: { params: tokenParam },
  responses: { 204: { description: 'The token is refused from now on.' } },
});

export function tokenRoutes(
  app: App,
  { tokens: { file, required, proxies, onChange } }: TokenServices,
): void {
  app.openapi(listTokens, (c) => {
    const used = readLastUsed(lastUsedFile(file));
    const tokens = readTokens(file).map((entry) => infoOf(entry, used[entry.id]));
    return c.json({ tokens, required: required() }, 200);
  });

  app.openapi(makeOne, async (c) => {
    if (!isPrivate(c, proxies())) {
      const message =
        'A token would be sent unencrypted: open this server with https, or run "undertone token create" on its computer.';
      throw new Problem(403, 'insecure', message);
    }
    const { name, scopes, expires } = c.req.valid('json');
    const lifetimeMs = expires === undefined ? undefined : parseDuration(expires);
    const made = await addToken(file, {
      name,
      scopes,
      expires: lifetimeMs === undefined ? undefined : new Date(Date.now() + lifetimeMs),
    });
    if (!made) {
      const message = `A token named "${name}" exists: revoke it first, or choose another name.`;
      throw new Problem(409, 'token-exists', message);
    }
    onChange();
    c.header('Cache-Control', 'no-store');
    return c.json({ ...infoOf(made.entry), token: made.token }, 201);
  });

  app.openapi(revokeOne, async (c) => {
    const { id } = c.req.valid('param');
    if (!readTokens(file).some((token) => token.id === id)) {
      throw new Problem(
        404,
        'unknown-token',
        `There is no token "${id}": check its id, or whether it was revoked already.`,
      );
    }
    await revokeToken(file, id);
    onChange();
    return c.body(null, 204);
  });
}

/** Whether nobody between the client and the server can read the response. */
function isPrivate(c: Context<Env>, proxies: BlockList): boolean {
  const socket = c.env.incoming.socket as Socket & { readonly encrypted?: boolean };
  if (socket.encrypted) return true;
  const peer = unmapped(socket.remoteAddress ?? '');
  // The address of the client alone would not do: a trusted proxy may have received the request unencrypted.
  if (inList(proxies, peer)) return c.req.header('x-forwarded-proto') === 'https';
  return isLoopback(peer);
}

const infoOf = ({ id, name, scopes, created, expires }: TokenEntry, lastUsed?: string): TokenInfo => ({
  ...{ id, name, scopes, created },
  expires: expires ?? null,
  lastUsed: lastUsed ?? null,
});
