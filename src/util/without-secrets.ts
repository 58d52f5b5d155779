/**
 * A source's URI for logs and displays: a web address without user, password, query and fragment; other URIs unchanged.
 * A web address that cannot be parsed is reduced to its scheme.
 */
export function withoutSecrets(uri: string): string {
  const scheme = /^https?:/i.exec(uri)?.[0].toLowerCase();
  if (scheme === undefined) return uri;
  if (!URL.canParse(uri)) return `${scheme}//…`;
  const { host, pathname } = new URL(uri);
  return `${scheme}//${host}${pathname}`;
}
