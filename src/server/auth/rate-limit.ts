import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../http/problem.ts';
import { addressKey } from './address.ts';

const MINUTE_SECONDS = 60;

/** Requests of each address and of each token within a minute; connecting a socket counts as one. */
export class RateLimit {
  readonly #perAddress = new RateLimiterMemory({ keyPrefix: 'address', duration: MINUTE_SECONDS, points: 0 });
  readonly #perToken = new RateLimiterMemory({ keyPrefix: 'token', duration: MINUTE_SECONDS, points: 0 });
  #refused = 0;

  get refused(): number {
    return this.#refused;
  }

  address(address: string, perMinute: number): Promise<void> {
    return this.#take(this.#perAddress, addressKey(address), perMinute, 'this address');
  }

  token(id: string, perMinute: number): Promise<void> {
    return this.#take(this.#perToken, id, perMinute, 'this token');
  }

  async #take(limiter: RateLimiterMemory, key: string, perMinute: number, whose: string): Promise<void> {
    limiter.points = perMinute;
    try {
      await limiter.consume(key);
    } catch (fault) {
      if (fault instanceof Error) throw fault;
      this.#refused++;
      const seconds = Math.max(1, Math.ceil((fault as RateLimiterRes).msBeforeNext / 1000));
      throw new Problem(
        429,
        'too-many-requests',
        `More than ${perMinute} requests came from ${whose} within a minute: try again in ${seconds} s.`,
        { 'Retry-After': String(seconds) },
      );
    }
  }
}
