import { BlockList } from 'node:net';

/** Access rules of the configuration; a reload replaces them. */
export interface Access {
  /** True: every client needs a token. False: a token is optional, and names the client in the audit log. */
  readonly tokensRequired: boolean;
  /** Origins of other sites whose pages may use the server, such as `https://radio.example`. */
  readonly origins: readonly string[];
  /** Host names that a server on loopback accepts, such as the name of a proxy in front of it. */
  readonly hosts: readonly string[];
  /** Proxies in front of the server, whose `X-Forwarded-For` is trusted. */
  readonly proxies: BlockList;
  readonly requestsPerMinute: { readonly address: number; readonly token: number };
}

/** For a server on loopback. A page requests a dozen files; a script may send many more requests. */
export const OPEN_ACCESS: Access = {
  tokensRequired: false,
  origins: [],
  hosts: [],
  proxies: new BlockList(),
  requestsPerMinute: { address: 6_000, token: 6_000 },
};

/**
 * What a token allows. `watch` and `send` are independent: a device that sends the audio of a room need not see
 * other streams. `manage` includes both.
 */
export const SCOPES = ['watch', 'send', 'manage'] as const;

export type Scope = (typeof SCOPES)[number];

/** Names of tokens: for people, so in any script. */
export const TOKEN_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u;

export function allows(granted: readonly Scope[], needed: Scope): boolean {
  return granted.includes(needed) || granted.includes('manage');
}

/** Clients that send the token as a subprotocol offer this one as well; the server selects it. */
export const SUBPROTOCOL = 'undertone';
const TOKEN_PROTOCOL = /^bearer\.(.+)$/;

/**
 * The token of a request: `Authorization: Bearer TOKEN`, else the subprotocol `bearer.TOKEN`, else `?token=TOKEN`.
 * The latter two are for clients that cannot set headers, such as WebSockets in browsers.
 */
export function presentedToken(request: {
  readonly authorization: string | undefined;
  readonly protocols: string | undefined;
  readonly query: string | undefined;
}): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(request.authorization ?? '')?.[1];
  const protocol = (request.protocols ?? '')
    .split(',')
    .map((part) => TOKEN_PROTOCOL.exec(part.trim())?.[1])
    .find((token) => token !== undefined);
  return bearer ?? protocol ?? request.query;
}
