/**
 * A source's URI as it may be logged and shown: a web address without user, password, query and fragment, any
 * other as it is. Of a web address that cannot be parsed only the scheme is shown.
 */
export function withoutSecrets(uri: string): string {
  const scheme = /^https?:/i.exec(uri)?.[0].toLowerCase();
  if (scheme === undefined) return uri;
  if (!URL.canParse(uri)) return `${scheme}//…`;
  const { host, pathname } = new URL(uri);
  return `${scheme}//${host}${pathname}`;
}
