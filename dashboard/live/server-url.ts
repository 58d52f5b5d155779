/**
 * `path` on the server that served this page, also behind a reverse proxy under a sub-path. A `?token=` of
 * the page goes along: a browser's WebSocket can show it in no other way.
 */
export function serverUrl(path: string, kind: 'http' | 'ws'): URL {
  const url = new URL(path, document.baseURI);
  if (kind === 'ws') url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const token = new URLSearchParams(location.search).get('token');
  if (token !== null) url.searchParams.set('token', token);
  return url;
}
