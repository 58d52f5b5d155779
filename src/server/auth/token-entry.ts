import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { SCOPES, type Scope } from './scope.ts';

/** Lets a reader, and the scanners that look for leaked secrets, know one when they see it. */
const PREFIX = 'ut_';

export const tokenEntry = z.object({
  /** What it is called where the token itself must not be seen. */
  id: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().min(1).max(64),
  /** sha-256 of the token, hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.array(z.enum(SCOPES)).min(1),
  created: z.iso.datetime(),
  /** From then on it is refused; absent: never. */
  expires: z.iso.datetime().optional(),
});

export type TokenEntry = z.infer<typeof tokenEntry>;

/**
 * A new token and what is kept of it. One round of sha-256 is enough here, where a password would want a slow
 * hash: 256 random bits cannot be guessed, however fast the guesses come.
 */
export function makeToken(
  name: string,
  scopes: readonly Scope[],
  expires?: Date,
): { readonly token: string; readonly entry: TokenEntry } {
  const token = PREFIX + randomBytes(32).toString('base64url');
  const entry: TokenEntry = {
    id: randomBytes(4).toString('hex'),
    name,
    hash: hashOf(token).toString('hex'),
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    created: new Date().toISOString(),
    ...(expires && { expires: expires.toISOString() }),
  };
  return { token, entry };
}

export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
