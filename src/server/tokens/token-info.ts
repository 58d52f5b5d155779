/** What clients and the server exchange about tokens; schema.ts checks it. */

export interface NewToken {
  /** Name of its owner, for the audit log. */
  readonly name: string;
  /** Default: `watch`. */
  readonly scopes?: ('watch' | 'send' | 'manage')[] | undefined;
  /** Lifetime, such as `90d`. Default: until it is revoked. */
  readonly expires?: string | undefined;
}

export interface TokenInfo {
  id: string;
  name: string;
  scopes: ('watch' | 'send' | 'manage')[];
  /** ISO 8601. */
  created: string;
  /** null: never. */
  expires: string | null;
  lastUsed: string | null;
}

/** `required`: whether every client needs a token. */
export interface TokenList {
  tokens: TokenInfo[];
  required: boolean;
}

/** `token` is in this response only. */
export interface MadeToken extends TokenInfo {
  token: string;
}
