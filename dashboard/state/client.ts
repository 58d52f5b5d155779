import { ApiError, createClient } from '../../src/client/index.ts';

/** The page's own `?token=`; null if it has none. */
const pageToken = new URLSearchParams(location.search).get('token');

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

/** One sentence for the user about a failed request. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Cannot reach the server: try again when it is back.';
  // The server's message is for programs, which send the token in a header.
  if (error.code === 'no-token') return 'Enter a token: add ?token=TOKEN to the address of this page.';
  return error.message;
}
