import type { Limits } from './limits.ts';

/** Counts open sockets, in all and per address. */
export class SocketCount {
  readonly #limits: Limits;
  readonly #perAddress = new Map<string, number>();
  #total = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  /** Takes a place and returns the way to give it back (once); undefined where there is none left. */
  take(address: string): (() => void) | undefined {
    const here = this.#perAddress.get(address) ?? 0;
    if (this.#total >= this.#limits.sockets || here >= this.#limits.socketsPerAddress) return undefined;
    this.#total++;
    this.#perAddress.set(address, here + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#total--;
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(address, left);
      else this.#perAddress.delete(address);
    };
  }
}
