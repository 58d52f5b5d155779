import type { OpenAPIHono } from '@hono/zod-openapi';
import { streamName } from '../../util/schemas.ts';
import { Problem } from '../http/problem.ts';
import type { Env } from '../http/route.ts';
import * as routes from './routes.ts';
import type { StreamDesk } from './stream-manager.ts';

/** The routes that add and stop streams and set their rules, put onto `app`. */
export function streamHandlers(app: OpenAPIHono<Env>, { desk }: { readonly desk: StreamDesk }): void {
  app.openapi(routes.addStream, async (c) => {
    const info = await desk.add(c.req.valid('json'));
    return c.json(info, 201, { Location: `/v1/streams/${info.stream}` });
  });
  app.openapi(routes.removeStream, async (c) => {
    const { name } = c.req.valid('param');
    if (await desk.remove(name)) return c.body(null, 204);
    throw new Problem(404, 'unknown-stream', `There is no stream "${name}" that runs or was added.`);
  });
  app.openapi(routes.getAlerts, (c) => c.json(desk.rules(named(c.req.valid('param').name)), 200));
  app.openapi(routes.setAlerts, (c) => {
    const name = named(c.req.valid('param').name);
    desk.setRules(name, c.req.valid('json').rules);
    return c.json(desk.rules(name), 200);
  });
  app.openapi(routes.resetAlerts, (c) => {
    desk.setRules(named(c.req.valid('param').name), undefined);
    return c.body(null, 204);
  });
}

/** Rules may be set before the stream begins, so any name will do that can be one. */
function named(name: string): string {
  if (streamName.safeParse(name).success) return name;
  throw new Problem(404, 'unknown-stream', `There can be no stream "${name}".`);
}
