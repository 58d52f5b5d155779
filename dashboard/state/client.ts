import { ApiError, createClient } from '../../src/client/index.ts';
import { type MessageKey, t } from './i18n.ts';
import { refusalText } from './refusal.ts';
import { pageToken } from './token.ts';

/** Client of the server that served this page, also behind a reverse proxy under a sub-path. */
export const client = createClient({
  url: new URL('.', document.baseURI).href,
  ...(pageToken !== null && { token: pageToken }),
});

/** `url` with the page's token: a link that the browser opens by itself cannot carry a header. */
export function withToken(url: URL): string {
  if (pageToken !== null) url.searchParams.set('token', pageToken);
  return url.href;
}

/** What to do about what is refused, in every language: the server's own messages are for programs. */
const REFUSED: Readonly<Record<string, MessageKey>> = {
  'no-token': 'error.noToken',
  'wrong-token': 'error.wrongToken',
  'token-expired': 'error.tokenExpired',
  'forbidden-address': 'error.privateNetwork',
};

/** One sentence for the user about a failed request. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.unreachable');
  const refused = REFUSED[error.code];
  return refused === undefined ? refusalText(error) : t(refused);
}

/** Whether a token, or another one, may help. */
export const needsToken = ({ status }: ApiError): boolean => [401, 403, 4401, 4403].includes(status);
