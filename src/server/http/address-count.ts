import { addressKey } from '../auth/address.ts';

export interface AddressCountLimits {
  readonly perAddress: number;
  /** All addresses together; unlimited by default. */
  readonly total?: number;
}

/** Counts open sockets or connections, per client address and in total, up to a limit. */
export class AddressCount {
  readonly #limits: Required<AddressCountLimits>;
  readonly #perAddress = new Map<string, number>();
  #total = 0;

  constructor(limits: AddressCountLimits) {
    this.#limits = { total: Number.POSITIVE_INFINITY, ...limits };
  }

  get total(): number {
    return this.#total;
  }

  /** Counts one more. Returns the function that subtracts it again; undefined if a limit is reached. */
  take(address: string): (() => void) | undefined {
    const key = addressKey(address);
    const here = this.#perAddress.get(key) ?? 0;
    if (this.#total >= this.#limits.total || here >= this.#limits.perAddress) return undefined;
    this.#total++;
    this.#perAddress.set(key, here + 1);
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
