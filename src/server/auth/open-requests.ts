import type { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import type { WebSocket } from 'ws';
import { closeWithError } from '../http/close-socket.ts';
import type { Env } from '../http/route.ts';
import type { Principal, Tokens } from './tokens.ts';

interface OpenRequest {
  readonly principal: Principal;
  end(): void;
}

const CHECK_MS = 1_000;

/**
 * Tracks open responses and sockets with their client. A token that is revoked or expires also ends what was opened
 * with it.
 */
export class OpenRequests {
  readonly #tokens: Tokens;
  readonly #open = new Set<OpenRequest>();
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
      this.#upgrades.set(incoming, principal); // Not a socket yet: `opened` follows.
      return;
    }
    const open = { principal, end: () => outgoing.destroy() };
    this.#open.add(open);
    outgoing.once('close', () => this.#open.delete(open));
  }

  /** Called for each socket when it is open. */
  opened(socket: WebSocket, request: IncomingMessage): void {
    const principal = this.#upgrades.get(request);
    if (!principal) return;
    const end = () =>
      closeWithError(
        socket,
        'token-expired',
        'The token of this connection is no longer valid: use a new one.',
      );
    const open = { principal, end };
    this.#open.add(open);
    socket.once('close', () => this.#open.delete(open));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    for (const { principal, end } of this.#open) if (!this.#tokens.isValid(principal)) end();
  }
}
