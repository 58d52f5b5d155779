import { timingSafeEqual } from 'node:crypto';
import { statSync } from 'node:fs';
import { SCOPES, type Scope } from './access.ts';
import {
  hashOf,
  lastUsedFile,
  readLastUsed,
  readTokens,
  type TokenEntry,
  writeLastUsed,
} from './token-file.ts';

/** Who a request comes from. */
export interface Principal {
  /** Of the token; `local` where none was shown. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresMs: number;
}

export interface TokensOptions {
  /** Made by `undertone token`. */
  readonly file: string;
  /** `--token`: allows everything, never expires. */
  readonly master?: string | undefined;
  readonly onFault?: (fault: unknown) => void;
}

/** How soon a token that was made or revoked is known, and how often last use is written down. */
const LOOK_MS = 250;
const WRITE_USED_MS = 60_000;

/** The tokens that are good now. Another process may change them at any time. */
export class Tokens {
  readonly #file: string;
  readonly #onFault: (fault: unknown) => void;
  readonly #master: { readonly hash: Buffer; readonly principal: Principal } | undefined;
  #entries: readonly { readonly hash: Buffer; readonly principal: Principal }[] = [];
  #lookedMs = Number.NEGATIVE_INFINITY;
  #seen = '';
  readonly #used = new Map<string, number>();
  #usedWrittenMs = performance.now();

  constructor({ file, master, onFault = () => {} }: TokensOptions) {
    this.#file = file;
    this.#onFault = onFault;
    if (master !== undefined) {
      const principal = {
        id: 'master',
        name: '--token',
        scopes: SCOPES,
        expiresMs: Number.POSITIVE_INFINITY,
      };
      this.#master = { hash: hashOf(master), principal };
    }
    this.#look(); // A damaged file is told at the start.
  }

  /** Whether there is any token that is good now. */
  get any(): boolean {
    this.#refresh();
    return this.#master !== undefined || this.#entries.some(({ principal }) => isGood(principal));
  }

  /**
   * Whose token this is; `expired` where it was good once. All are compared, each through its hash: the time
   * tells nothing of which one matched or how nearly.
   */
  find(token: string): Principal | 'expired' | undefined {
    this.#refresh();
    const hash = hashOf(token);
    let found: Principal | undefined;
    for (const entry of this.#master ? [this.#master, ...this.#entries] : this.#entries)
      if (timingSafeEqual(entry.hash, hash)) found = entry.principal;
    if (!found) return undefined;
    if (!isGood(found)) return 'expired';
    if (found !== this.#master?.principal) this.#use(found.id);
    return found;
  }

  /** Whether what was good when a socket opened is good still. */
  isGood(principal: Principal): boolean {
    this.#refresh();
    if (principal.id === 'local') return true;
    if (principal === this.#master?.principal) return true;
    return isGood(principal) && this.#entries.some((entry) => entry.principal.id === principal.id);
  }

  close(): void {
    this.#writeUsed();
  }

  #refresh(): void {
    if (performance.now() - this.#lookedMs < LOOK_MS) return;
    try {
      this.#look();
    } catch (fault) {
      this.#onFault(fault); // Those that were good stay so: a slip of an editor must not shut everyone out.
    }
  }

  #look(): void {
    this.#lookedMs = performance.now();
    const seen = stampOf(this.#file);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#entries = readTokens(this.#file).map((entry) => ({
      hash: Buffer.from(entry.hash, 'hex'),
      principal: principalOf(entry),
    }));
  }

  #use(id: string): void {
    this.#used.set(id, Date.now());
    if (performance.now() - this.#usedWrittenMs > WRITE_USED_MS) this.#writeUsed();
  }

  #writeUsed(): void {
    if (this.#used.size === 0) return;
    this.#usedWrittenMs = performance.now();
    const file = lastUsedFile(this.#file);
    const now = Object.fromEntries([...this.#used].map(([id, ms]) => [id, new Date(ms).toISOString()]));
    const known = new Set(this.#entries.map(({ principal }) => principal.id));
    const all = Object.entries({ ...readLastUsed(file), ...now }).filter(([id]) => known.has(id));
    try {
      writeLastUsed(file, Object.fromEntries(all));
    } catch (fault) {
      this.#onFault(fault);
    }
  }
}

const isGood = ({ expiresMs }: Principal): boolean => Date.now() < expiresMs;

function principalOf({ id, name, scopes, expires }: TokenEntry): Principal {
  const expiresMs = expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires);
  return { id, name, scopes, expiresMs };
}

/** Differs once the file is another one; empty where there is none that can be looked at. */
function stampOf(file: string): string {
  try {
    const { ino, mtimeNs, size } = statSync(file, { bigint: true });
    return `${ino}:${mtimeNs}:${size}`;
  } catch {
    return '';
  }
}
