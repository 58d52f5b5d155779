import type { OpenAPIHono } from '@hono/zod-openapi';
import { streamName } from '../../util/schemas.ts';
import { Problem } from '../http/problem.ts';
import type { Env } from '../http/route.ts';
import * as routes from './routes.ts';
import type { StreamManager } from './stream-manager.ts';

/** The routes that add and stop streams and set their rules, put onto `app`. */
export function streamHandlers(
  app: OpenAPIHono<Env>,
  { manager }: { readonly manager: StreamManager },
): void {
  app.openapi(routes.addStream, async (c) => {
    const info = await manager.add(c.req.valid('json'));
    return c.json(info, 201, { Location: `/v1/streams/${info.stream}` });
  });
  app.openapi(routes.removeStream, async (c) => {
    const { name } = c.req.valid('param');
    if (await manager.remove(name)) return c.body(null, 204);
    throw new Problem(404, 'unknown-stream', `There is no stream "${name}" that runs or was added.`);
  });
  app.openapi(routes.getAlerts, (c) => c.json(manager.rules(named(c.req.valid('param').name)), 200));
  app.openapi(routes.setAlerts, (c) => {
    const name = named(c.req.valid('param').name);
    manager.setRules(name, c.req.valid('json').rules);
    return c.json(manager.rules(name), 200);
  });
  app.openapi(routes.resetAlerts, (c) => {
    manager.setRules(named(c.req.valid('param').name), undefined);
    return c.body(null, 204);
  });
}

/** Rules may be set before the stream begins, so any name will do that can be one. */
function named(name: string): string {
  if (streamName.safeParse(name).success) return name;
  throw new Problem(404, 'unknown-stream', `There can be no stream "${name}".`);
}
