/**
 * Who may talk to the server from inside a browser. A page of any site can open a WebSocket to
 * 127.0.0.1 or post a form there, so the page's Origin is checked; and a site can point its own name at
 * 127.0.0.1 (DNS rebinding), which makes it same-origin, so the Host is checked as well.
 */

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/i;

export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);

/**
 * Host header against rebinding: a server that listens on loopback is only ever addressed by a loopback name,
 * or by one of `hosts` where a proxy stands in front of it.
 */
export function isAllowedHost(
  hostHeader: string | undefined,
  boundHost: string,
  hosts: readonly string[] = [],
): boolean {
  if (!isLoopback(boundHost)) return true;
  const hostname = hostnameOf(hostHeader);
  if (hostname === undefined) return false;
  return isLoopback(hostname) || hostname === boundHost.toLowerCase() || hosts.includes(hostname);
}

/**
 * Allowed: no Origin (not a browser), the same host and port as the request's Host, any loopback name on the
 * server's own port, and those named in `origins`.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  hostHeader: string | undefined,
  port: number,
  origins: readonly string[] = [],
): boolean {
  if (origin === undefined || origins.includes(origin)) return true;
  // A sandboxed frame or a file: page sends "null", which parses as nothing.
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
  if (hostHeader !== undefined && url.host === hostOf(hostHeader, url.protocol)) return true;
  return isLoopback(url.hostname) && Number(url.port || (url.protocol === 'https:' ? 443 : 80)) === port;
}

function hostnameOf(hostHeader: string | undefined): string | undefined {
  const url = `http://${hostHeader}/`;
  return hostHeader && URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined;
}

/** Normalised as the URL parser does it: lower case, without the scheme's default port. */
function hostOf(hostHeader: string, protocol: string): string | undefined {
  const url = `${protocol}//${hostHeader}/`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}
