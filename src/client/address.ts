/** Where a server is and what it is shown; all of the client goes through here. */
export interface Address {
  /** `http://127.0.0.1:8787/`, or below a path behind a proxy. */
  readonly url: string;
  readonly token?: string | undefined;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

export function addressOf({ url }: Address, path: string, kind: 'http' | 'ws', query: Query = {}): URL {
  const base = url.endsWith('/') ? url : `${url}/`;
  const full = new URL(path, base);
  if (kind === 'ws') full.protocol = full.protocol === 'https:' ? 'wss:' : 'ws:';
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) full.searchParams.set(name, String(value));
  return full;
}
