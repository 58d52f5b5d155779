import type { MadeToken, NewToken, TokenList } from '../server/tokens/token-info.ts';
import { type Address, request, requestJson } from './request.ts';

/** The part of the client for access tokens. */
export function tokensOf(address: Address) {
  return {
    /** All tokens, without the tokens themselves. */
    list: () => requestJson<TokenList>(address, 'GET', 'v1/tokens'),
    /** Makes a token, which only this response has. @throws ApiError `token-exists`, `insecure` */
    make: (token: NewToken) => requestJson<MadeToken>(address, 'POST', 'v1/tokens', { body: token }),
    /** @throws ApiError `unknown-token` */
    async revoke(id: string): Promise<void> {
      await request(address, 'DELETE', `v1/tokens/${encodeURIComponent(id)}`);
    },
  };
}
