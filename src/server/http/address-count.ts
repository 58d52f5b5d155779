import { addressKey } from '../auth/address.ts';
import { isLoopback } from '../auth/origin.ts';

export interface AddressCountLimits {
  readonly perAddress: number;
  /** From loopback; `perAddress` by default. */
  readonly perLoopback?: number | undefined;
  /** All addresses together; unlimited by default. */
  readonly total?: number;
}

/** Counts open sockets or connections, per client address and in total, up to a limit. */
export class AddressCount {
  readonly #limits: { readonly [Name in keyof AddressCountLimits]-?: number };
  readonly #perAddress = new Map<string, number>();
  #total = 0;

  constructor(limits: AddressCountLimits) {
    const { perAddress, perLoopback = perAddress, total = Number.POSITIVE_INFINITY } = limits;
    this.#limits = { perAddress, perLoopback, total };
  }

  get total(): number {
    return this.#total;
  }

  /** The limit that leaves no room for another one of this address. */
  full(address: string): { readonly of: 'address' | 'total'; readonly limit: number } | undefined {
    const { perAddress, perLoopback, total } = this.#limits;
    if (this.#total >= total) return { of: 'total', limit: total };
    const limit = isLoopback(address) ? perLoopback : perAddress;
    const here = this.#perAddress.get(addressKey(address)) ?? 0;
    return here >= limit ? { of: 'address', limit } : undefined;
  }

  /** Counts one more. Returns the function that subtracts it again; undefined if a limit is reached. */
  take(address: string): (() => void) | undefined {
    const key = addressKey(address);
    if (this.full(address)) return undefined;
    this.#total++;
    this.#perAddress.set(key, (this.#perAddress.get(key) ?? 0) + 1);
    let isCounted = true;
    return () => {
      if (!isCounted) return;
      isCounted = false;
      this.#total--;
      const left = (this.#perAddress.get(key) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(key, left);
      else this.#perAddress.delete(key);
    };
  }
}
