import { UserError } from '../../user-error.ts';
import { isLoopback } from './origin.ts';
import type { Tokens } from './tokens.ts';

/** @throws UserError `usage` for a server that other computers can reach without a token */
export function requireToken(host: string, tokens: Tokens): void {
  if (isLoopback(host) || tokens.any) return;
  throw new UserError(
    'usage',
    `Listening on ${host} lets other computers connect, so a token is needed: make one with "undertone token create", set one with --token or UNDERTONE_TOKEN, or listen on 127.0.0.1.`,
  );
}
