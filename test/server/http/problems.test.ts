import { expect, test } from 'vitest';
import { manualSource, startServer } from '../support.ts';

const BODIES = ['{"a":', '[]', '{"stream":7,"rules":1}', `"${'x'.repeat(70_000)}"`];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

test('every invalid request to any route gets a problem with a code and a sentence', async () => {
  const { source } = manualSource();
  const server = await startServer({ sources: [{ name: 'booth', source }] });
  const paths = new Set(server.routes.map(({ path }) => path).filter((path) => !path.includes('*')));
  expect(paths.size).toBeGreaterThan(15);
  const seen = new Map<number, number>();
  const check = async (method: string, path: string, body?: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method,
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
      signal: AbortSignal.timeout(30_000),
    });
    seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
    if (response.status < 400) return void (await response.body?.cancel());
    const request = `${method} ${path} ${body?.slice(0, 20)}`;
    expect(response.headers.get('content-type'), request).toBe('application/problem+json');
    const { errors = [], ...problem } = (await response.json()) as { errors?: { path: string }[] };
    // Lists the wrong values, except for a body that is not JSON.
    for (const { path } of errors) expect(path, request).toEqual(expect.any(String));
    expect(problem, request).toEqual({
      type: 'about:blank',
      title: expect.stringMatching(/^[A-Z]/),
      status: response.status,
      code: expect.stringMatching(/^[a-z-]+$/),
      detail: expect.stringMatching(/^[A-Z][^\n]*\.$/),
    });
  };
  for (const path of paths) {
    for (const value of ['booth', '%00']) {
      const here = path.replaceAll(/:\w+/g, value);
      for (const method of METHODS) {
        await check(method, here);
        await check(
          method,
          `${here}?limit=-1&from=x&streams=%00&format=doc&resolution=2s&frames=7&zone=Mars`,
        );
        if (value === 'booth' && method !== 'GET') for (const body of BODIES) await check(method, here, body);
      }
    }
  }
  for (const path of [
    '/v1',
    '/v1/',
    '/v2/streams',
    '/v1/streams/',
    '/v1/streams/booth/emotion',
    '/etc/passwd',
  ])
    await check('GET', path);
  for (const status of [400, 404, 405, 413, 426]) expect(seen.get(status), String(status)).toBeGreaterThan(0);
  expect([...seen.keys()].filter((status) => status >= 500 && status !== 501 && status !== 503)).toEqual([]);
}, 300_000);
