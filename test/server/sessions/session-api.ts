import { manualSource, startServer } from '../support.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests read whatever the server sends
export type Json = any;

/** A server with the stream `booth`, whose steps the test makes. */
export async function booth(options: Parameters<typeof startServer>[0] = {}) {
  const a = manualSource();
  const server = await startServer({ sources: [{ name: 'booth', source: a.source }], ...options });
  return { server, booth: a, api: apiOf(server) };
}

/** Requests to a server, with JSON bodies. */
export function apiOf(server: { port: number }) {
  return async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body: json as Json };
  };
}
