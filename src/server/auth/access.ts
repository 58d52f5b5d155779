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
