/** A source as it may be logged and shown to every client: a web address without its password and query. */
export function withoutPassword(uri: string): string {
  return /^https?:/i.test(uri) ? uri.replace(/^(\w+:\/\/)[^/@]*@/, '$1').replace(/\?.*$/s, '') : uri;
}
