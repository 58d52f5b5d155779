import { BlockList } from 'node:net';

/** Who may come in, as the configuration has it; a reload puts a new one in its place. */
export interface Access {
  /** Demanded of every client of the API; else a token, where one is shown, only tells who it is. */
  readonly tokensDemanded: boolean;
  /** Pages of these may use the server besides its own, as `https://radio.example`. */
  readonly origins: readonly string[];
  /** Names by which a server on loopback may be addressed, as by a proxy in front of it. */
  readonly hosts: readonly string[];
  /** Proxies in front of the server, whose `X-Forwarded-For` is believed. */
  readonly proxies: BlockList;
  readonly requestsPerMinute: { readonly address: number; readonly token: number };
}

/** For a server that only this computer reaches. A page asks for a dozen files, a script perhaps for a lot more. */
export const OPEN_ACCESS: Access = {
  tokensDemanded: false,
  origins: [],
  hosts: [],
  proxies: new BlockList(),
  requestsPerMinute: { address: 6_000, token: 6_000 },
};

/**
 * What a token allows. `watch` and `send` say nothing of each other: a box that sends a room's sound need not
 * see what others play. `manage` includes both.
 */
export const SCOPES = ['watch', 'send', 'manage'] as const;

export type Scope = (typeof SCOPES)[number];

export function allows(granted: readonly Scope[], needed: Scope): boolean {
  return granted.includes(needed) || granted.includes('manage');
}

/** Offered beside the token's own by those who show it as a subprotocol; the server answers with this one. */
export const SUBPROTOCOL = 'undertone';
const TOKEN_PROTOCOL = /^bearer\.(.+)$/;

/**
 * The token that a request shows: `Authorization: Bearer TOKEN`; else, where no header can be set as in a
 * browser's WebSocket, the subprotocol `bearer.TOKEN` or `?token=TOKEN`.
 */
export function shownToken(request: {
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
