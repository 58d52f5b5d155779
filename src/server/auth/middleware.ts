import type { Context, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { Problem } from '../http/problem.ts';
import type { Env } from '../http/route.ts';
import { type Access, allows, presentedToken, SCOPES, type Scope } from './access.ts';
import { clientAddress } from './address.ts';
import type { Audit } from './audit.ts';
import type { OpenRequests } from './open-requests.ts';
import { isAllowedHost, isAllowedOrigin } from './origin.ts';
import { RateLimit } from './rate-limit.ts';
import type { Principal, Tokens } from './tokens.ts';

/** The client of a server that requires no token. */
const LOCAL: Principal = {
  id: 'local',
  name: 'local',
  scopes: SCOPES,
  expiresMs: Number.POSITIVE_INFINITY,
};

export interface AuthMiddlewareOptions {
  readonly tokens: Tokens;
  readonly access: () => Access;
  readonly audit: Audit;
  readonly openRequests: OpenRequests;
  /** The address that the server listens on. */
  readonly host: string;
  readonly port: () => number;
}

/** The scope that a token needs for a request; null: no token is needed. */
export type ScopeOf = (method: string, path: string) => Scope | null;

type Handler = MiddlewareHandler<Env>;

/** Checks every request before its route: address, host, origin, rate, token and scope. */
export class AuthMiddleware {
  readonly #options: AuthMiddlewareOptions;
  readonly #rate = new RateLimit();
  #refusedTokens = 0;

  constructor(options: AuthMiddlewareOptions) {
    this.#options = options;
  }

  /** Requests rejected because of a missing, wrong, expired or insufficient token. */
  get refusedTokens(): number {
    return this.#refusedTokens;
  }

  /** Requests rejected by the rate limit. */
  get refusedRates(): number {
    return this.#rate.refused;
  }

  /** Middleware for all requests, in order. */
  get forEveryRequest(): Handler[] {
    return [this.#setAddress, this.#checkHost, this.#cors, this.#checkOrigin, this.#limitAddress];
  }

  /** Middleware for routes that may need a token, in order. */
  forRoutes(scopeOf: ScopeOf): Handler[] {
    return [this.#authenticate(scopeOf), this.#writeAudit];
  }

  readonly #setAddress: Handler = async (c, next) => {
    c.set('address', clientAddress(c.env.incoming, this.#options.access().proxies));
    await next();
  };

  readonly #checkHost: Handler = async (c, next) => {
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

  /** Pages of other sites cannot read responses, except those that the configuration names. */
  readonly #cors: Handler = cors({
    origin: (origin) => (this.#options.access().origins.includes(origin) ? origin : null),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'If-None-Match', 'If-Match', 'Last-Event-ID'],
    exposeHeaders: ['ETag', 'Link', 'Location', 'Retry-After', 'Content-Disposition'],
    maxAge: 600,
  });

  /** Rejects changes and sockets from other sites. Reads are left to CORS. */
  readonly #checkOrigin: Handler = async (c, next) => {
    const { origins } = this.#options.access();
    const reads =
      (c.req.method === 'GET' || c.req.method === 'HEAD') && c.req.header('upgrade') === undefined;
    const [origin, host] = [c.req.header('origin'), c.req.header('host')];
    if (!reads && !isAllowedOrigin(origin, host, this.#options.port(), origins)) {
      throw new Problem(403, 'wrong-origin', 'Pages of other sites may not use this server.');
    }
    await next();
  };

  readonly #limitAddress: Handler = async (c, next) => {
    await this.#rate.address(c.var.address, this.#options.access().requestsPerMinute.address);
    await next();
  };

  #authenticate(scopeOf: ScopeOf): Handler {
    return async (c, next) => {
      const { tokensRequired, requestsPerMinute } = this.#options.access();
      const principal = this.#principal(c, tokensRequired);
      const needed = scopeOf(c.req.method, c.req.path);
      if (needed !== null && !allows(principal.scopes, needed))
        throw this.#refuse(insufficient(principal, needed));
      if (principal !== LOCAL) await this.#rate.token(principal.id, requestsPerMinute.token);
      c.set('principal', principal);
      this.#options.openRequests.add(c, principal);
      await next();
    };
  }

  readonly #writeAudit: Handler = async (c, next) => {
    await next();
    const { method, path } = c.req;
    // A sender's socket starts a stream, so it is a change. The analysis of a file is not.
    const sends = path.endsWith('/audio') && c.env.outgoing === undefined;
    if (!sends && (method === 'GET' || method === 'HEAD' || path === '/v1/analyze')) return;
    this.#options.audit.record({
      what: `${sends ? 'SEND' : method} ${path}`,
      who: c.var.principal.name,
      from: c.var.address,
      status: c.res.status,
    });
  };

  #principal(c: Context<Env>, tokensRequired: boolean): Principal {
    const presented = presentedToken({
      authorization: c.req.header('authorization'),
      protocols: c.req.header('sec-websocket-protocol'),
      query: c.req.query('token'),
    });
    const found = presented === undefined ? undefined : this.#options.tokens.find(presented);
    if (found !== undefined && found !== 'expired') return found;
    if (!tokensRequired) return LOCAL;
    if (presented === undefined) {
      const message =
        'This server needs a token: send the header "Authorization: Bearer TOKEN", or ?token=TOKEN.';
      throw this.#refuse(unauthorized('no-token', message));
    }
    throw this.#refuse(
      found === 'expired'
        ? unauthorized('token-expired', 'This token has expired: use a new one.')
        : unauthorized('wrong-token', 'This token is unknown: check it, or use a new one.'),
    );
  }

  #refuse(problem: Problem): Problem {
    this.#refusedTokens++;
    return problem;
  }
}

const unauthorized = (code: string, message: string) =>
  new Problem(401, code, message, { 'WWW-Authenticate': 'Bearer' });

function insufficient({ name, scopes }: Principal, needed: Scope): Problem {
  return new Problem(
    403,
    'scope',
    `The token "${name}" has the scope ${scopes.join(' and ')}: this request needs ${needed}.`,
    { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${needed}"` },
  );
}
