import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../http/problem.ts';
import { addressKey } from './address.ts';

const MINUTE_SECONDS = 60;

/** Limits the requests per minute of each address and of each token. Opening a socket counts as one. */
export class RateLimit {
  readonly #perAddress = new RateLimiterMemory({ keyPrefix: 'address', duration: MINUTE_SECONDS, points: 0 });
  readonly #perToken = new RateLimiterMemory({ keyPrefix: 'token', duration: MINUTE_SECONDS, points: 0 });
  #refused = 0;

  get refused(): number {
    return this.#refused;
  }

  address(address: string, perMinute: number): Promise<void> {
    return this.#take(this.#perAddress, addressKey(address), perMinute, {
      client: 'this address',
      key: 'requestsPerMinute',
    });
  }

  token(id: string, perMinute: number): Promise<void> {
    return this.#take(this.#perToken, id, perMinute, {
      client: 'this token',
      key: 'requestsPerMinuteAndToken',
    });
  }

  async #take(
    limiter: RateLimiterMemory,
    id: string,
    perMinute: number,
    { client, key }: { readonly client: string; readonly key: string },
  ): Promise<void> {
    limiter.points = perMinute;
    try {
      await limiter.consume(id);
    } catch (rejection) {
      if (rejection instanceof Error) throw rejection;
      this.#refused++;
      const seconds = Math.max(1, Math.ceil((rejection as RateLimiterRes).msBeforeNext / 1000));
      throw new Problem(
        429,
        'too-many-requests',
        `Rate limit reached: ${client} sent more than ${perMinute} requests within a minute. Try again in ${seconds} s, or raise "limits.${key}" in the configuration.`,
        { 'Retry-After': String(seconds) },
      );
    }
  }
}
