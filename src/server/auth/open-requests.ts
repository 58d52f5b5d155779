import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import type { WebSocket } from 'ws';
import { closeWithFault } from '../http/close-socket.ts';
import type { Env } from '../http/route.ts';
import type { Principal, Tokens } from './tokens.ts';

interface Open {
  readonly principal: Principal;
  end(): void;
}

const CHECK_MS = 1_000;

/**
 * What is being answered, and to whom: a token that is revoked or expires ends also the sockets and streams
 * that were opened with it.
 */
export class OpenRequests {
  readonly #tokens: Tokens;
  readonly #open = new Set<Open>();
  readonly #upgrades = new WeakMap<IncomingMessage, Principal>();
  readonly #timer: NodeJS.Timeout;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
    this.#timer = setInterval(() => this.#check(), CHECK_MS);
    this.#timer.unref();
  }

  add(c: Context<Env>, principal: Principal): void {
    const { incoming, outgoing } = c.env;
    if (outgoing === undefined) {
      this.#upgrades.set(incoming, principal); // On its way to be a socket.
      return;
    }
    const open = { principal, end: () => outgoing.destroy() };
    this.#open.add(open);
    outgoing.once('close', () => this.#open.delete(open));
  }

  /** Called for each socket once it is open. */
  opened(socket: WebSocket, request: IncomingMessage): void {
    const principal = this.#upgrades.get(request);
    if (!principal) return;
    const end = () =>
      closeWithFault(socket, 'token-expired', 'The token of this connection is good no more: get a new one.');
    const open = { principal, end };
    this.#open.add(open);
    socket.once('close', () => this.#open.delete(open));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    for (const { principal, end } of this.#open) if (!this.#tokens.isGood(principal)) end();
  }
}
