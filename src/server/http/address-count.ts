import { addressKey } from '../auth/address.ts';

export interface AddressCountLimits {
  readonly perAddress: number;
  /** Of all addresses together. */
  readonly total?: number;
}

/** Counts what is open (sockets, connections) per client address and in all, up to a limit. */
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

  /** Counts one more and returns the function that takes it off again; undefined where a limit is reached. */
  take(address: string): (() => void) | undefined {
    const key = addressKey(address);
    const here = this.#perAddress.get(key) ?? 0;
    if (this.#total >= this.#limits.total || here >= this.#limits.perAddress) return undefined;
    this.#total++;
    this.#perAddress.set(key, here + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#total--;
      const left = (this.#perAddress.get(key) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(key, left);
      else this.#perAddress.delete(key);
    };
  }
}
