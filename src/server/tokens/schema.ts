import { z } from 'zod';
import { duration, isoTime } from '../../util/schemas.ts';
import { SCOPES, TOKEN_NAME } from '../auth/access.ts';
import type { MadeToken, NewToken, TokenInfo, TokenList } from './token-info.ts';

const MINUTE_MS = 60_000;
const CENTURY_MS = 3_155_760_000_000;

const scopes = z
  .array(z.enum(SCOPES, `expected some of ${SCOPES.join(', ')}`), 'expected a list of scopes')
  .min(1, 'expected at least one scope')
  .max(SCOPES.length, 'expected each scope once');

/** A token in lists, which never has the token itself. */
const tokenInfo = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes,
    created: isoTime,
    expires: isoTime.nullable().meta({ description: 'Refused from then on; null: never.' }),
    lastUsed: isoTime.nullable(),
  })
  .meta({ id: 'Token' });

export const tokenList = z
  .object({
    tokens: z.array(tokenInfo),
    required: z.boolean().meta({ description: 'Whether every client needs a token.' }),
  })
  .meta({ id: 'Tokens' });

export const newToken = z
  .strictObject({
    name: z
      .string('expected a name')
      .regex(TOKEN_NAME, 'expected 1 to 64 letters, digits, spaces and ._@-')
      .meta({
        description: 'Name of its owner, for the audit log.',
        example: 'wall-display',
        pattern: TOKEN_NAME.source, // zod-to-openapi would end it with the flag: /u.
      }),
    scopes: scopes.default(['watch']),
    expires: duration(MINUTE_MS, CENTURY_MS, '90d')
      .optional()
      .meta({ description: 'Lifetime. Default: until it is revoked.' }),
  })
  .meta({ id: 'NewToken' });

export const madeToken = z
  .object({
    ...tokenInfo.shape,
    token: z.string().meta({ description: 'The token. It is never shown again.' }),
  })
  .meta({ id: 'MadeToken' });

export const tokenParam = z.object({ id: z.string().meta({ description: 'Id of the token.' }) });

// The schemas must match the types.
tokenInfo satisfies z.ZodType<TokenInfo>;
tokenList satisfies z.ZodType<TokenList>;
madeToken satisfies z.ZodType<MadeToken>;
newToken satisfies z.ZodType<unknown, NewToken>;
