import type { Context, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { Problem } from '../http/problem.ts';
import type { Env } from '../http/route.ts';
import { scopeOf } from '../http/route-table.ts';
import type { Access } from './access.ts';
import { allows, SCOPES, type Scope, shownToken } from './access.ts';
import { clientAddress } from './address.ts';
import type { Audit } from './audit.ts';
import type { OpenRequests } from './open-requests.ts';
import { isAllowedHost, isAllowedOrigin } from './origin.ts';
import { RateLimit } from './rate-limit.ts';
import type { Principal, Tokens } from './tokens.ts';

/** Who uses a server that demands no token: somebody at this computer. */
export const LOCAL: Principal = {
  id: 'local',
  name: 'local',
  scopes: SCOPES,
  expiresMs: Number.POSITIVE_INFINITY,
};

export interface AuthMiddlewareOptions {
  readonly tokens: Tokens;
  readonly access: () => Access;
  readonly audit: Audit;
  readonly open: OpenRequests;
  /** The address listened on. */
  readonly host: string;
  readonly port: () => number;
}

type Handler = MiddlewareHandler<Env>;

/** What every request passes before any route: from where, for which name, from which page, whose, how often. */
export class AuthMiddleware {
  readonly #options: AuthMiddlewareOptions;
  readonly #rate = new RateLimit();
  #refused = 0;

  constructor(options: AuthMiddlewareOptions) {
    this.#options = options;
  }

  /** Requests refused for a wrong, expired or insufficient token. */
  get refusedTokens(): number {
    return this.#refused;
  }

  get refusedRates(): number {
    return this.#rate.refused;
  }

  /** In the order in which they stand before everything. */
  get everywhere(): Handler[] {
    return [this.#from, this.#host, this.#cors, this.#origin, this.#rateOfAddress];
  }

  /** Before what a token is needed for. */
  get forTokens(): Handler[] {
    return [this.#whose, this.#audited];
  }

  readonly #from: Handler = async (c, next) => {
    c.set('address', clientAddress(c.env.incoming, this.#options.access().proxies));
    await next();
  };

  readonly #host: Handler = async (c, next) => {
    const given = c.req.header('host') ?? new URL(c.req.url).host;
    if (!isAllowedHost(given, this.#options.host, this.#options.access().hosts)) {
      throw new Problem(
        421,
        'wrong-host',
        'This server listens on this computer only: address it as localhost.',
      );
    }
    await next();
  };

  /** Pages of other sites see no answer, except those that the configuration names. */
  readonly #cors: Handler = cors({
    origin: (origin) => (this.#options.access().origins.includes(origin) ? origin : null),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'If-None-Match', 'If-Match', 'Last-Event-ID'],
    exposeHeaders: ['ETag', 'Link', 'Location', 'Retry-After', 'Content-Disposition'],
    maxAge: 600,
  });

  /** Reading is left to the browser's own rule; a change or a socket is refused here. */
  readonly #origin: Handler = async (c, next) => {
    const { origins } = this.#options.access();
    const reads =
      (c.req.method === 'GET' || c.req.method === 'HEAD') && c.req.header('upgrade') === undefined;
    const [origin, host] = [c.req.header('origin'), c.req.header('host')];
    if (!reads && !isAllowedOrigin(origin, host, this.#options.port(), origins)) {
      throw new Problem(403, 'wrong-origin', 'Pages of other sites may not use this server.');
    }
    await next();
  };

  readonly #rateOfAddress: Handler = async (c, next) => {
    await this.#rate.address(c.var.address, this.#options.access().requestsPerMinute.address);
    await next();
  };

  readonly #whose: Handler = async (c, next) => {
    const { tokensDemanded, requestsPerMinute } = this.#options.access();
    const principal = this.#principal(c, tokensDemanded);
    const needed = scopeOf(c.req.method, c.req.path);
    if (needed !== null && !allows(principal.scopes, needed))
      throw this.#refuse(insufficient(principal, needed));
    if (principal !== LOCAL) await this.#rate.token(principal.id, requestsPerMinute.token);
    c.set('principal', principal);
    this.#options.open.add(c, principal);
    await next();
  };

  readonly #audited: Handler = async (c, next) => {
    await next();
    const { method, path } = c.req;
    // A sender's socket begins a stream. A file that is analysed changes nothing.
    const sends = path.endsWith('/audio') && c.env.outgoing === undefined;
    if (!sends && (method === 'GET' || method === 'HEAD' || path === '/v1/analyze')) return;
    this.#options.audit.record({
      what: `${sends ? 'SEND' : method} ${path}`,
      who: c.var.principal.name,
      from: c.var.address,
      status: c.res.status,
    });
  };

  #principal(c: Context<Env>, tokensDemanded: boolean): Principal {
    const shown = shownToken({
      authorization: c.req.header('authorization'),
      protocols: c.req.header('sec-websocket-protocol'),
      query: c.req.query('token'),
    });
    const found = shown === undefined ? undefined : this.#options.tokens.find(shown);
    if (found !== undefined && found !== 'expired') return found;
    if (!tokensDemanded) return LOCAL;
    if (shown === undefined) {
      throw this.#refuse(
        unauthorised(
          'no-token',
          'A valid token is needed: send "Authorization: Bearer TOKEN", or ?token=TOKEN.',
        ),
      );
    }
    throw this.#refuse(
      found === 'expired'
        ? unauthorised('token-expired', 'This token has expired: ask for a new one.')
        : unauthorised('wrong-token', 'This token is not known here: check it, or ask for a new one.'),
    );
  }

  #refuse(problem: Problem): Problem {
    this.#refused++;
    return problem;
  }
}

const unauthorised = (code: string, message: string) =>
  new Problem(401, code, message, { 'WWW-Authenticate': 'Bearer' });

function insufficient({ name, scopes }: Principal, needed: Scope): Problem {
  return new Problem(
    403,
    'scope',
    `The token "${name}" allows to ${scopes.join(' and ')}: this needs one that allows to ${needed}.`,
    { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${needed}"` },
  );
}
