/**
 * Checks of requests from browsers. A page of any site can open a WebSocket to 127.0.0.1 or post a form there, so
 * the page's Origin is checked. A site can also point its own name at 127.0.0.1 (DNS rebinding), which makes it
 * same-origin, so the Host is checked as well.
 */

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/i;

export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);

/**
 * Checks the Host header against rebinding: a server on loopback accepts loopback names, the host that it listens
 * on, and `hosts`, the names of proxies in front of it.
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
 * Allowed: no Origin (not a browser), the host and port of the request's Host, any loopback name with the server's
 * port, and `origins`.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  hostHeader: string | undefined,
  port: number,
  origins: readonly string[] = [],
): boolean {
  if (origin === undefined || origins.includes(origin)) return true;
  // A sandboxed frame or a file: page sends "null", which is not a URL.
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
  if (hostHeader !== undefined && url.host === hostOf(hostHeader, url.protocol)) return true;
  return isLoopback(url.hostname) && Number(url.port || (url.protocol === 'https:' ? 443 : 80)) === port;
}

function hostnameOf(hostHeader: string | undefined): string | undefined {
  const url = `http://${hostHeader}/`;
  return hostHeader && URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined;
}

/** Normalized by the URL parser: lower case, without the scheme's default port. */
function hostOf(hostHeader: string, protocol: string): string | undefined {
  const url = `${protocol}//${hostHeader}/`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}
