import { createClient } from '../../src/client/index.ts';

const token = new URLSearchParams(location.search).get('token');

/** The server that served this page, also behind a reverse proxy under a sub-path; a `?token=` goes along. */
export const client = createClient({
  url: new URL('.', document.baseURI).href,
  ...(token !== null && { token }),
});
