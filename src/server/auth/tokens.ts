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

/** An authenticated client. */
export interface Principal {
  /** Id of the token; `local` without one. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresMs: number;
}

export interface TokensOptions {
  /** Written by `undertone token`. */
  readonly file: string;
  /** `--token`: allows everything, never expires. */
  readonly master?: string | undefined;
  readonly onError?: (error: unknown) => void;
}

/** How often the file is checked for changes, and how often the times of last use are written. */
const CHECK_MS = 250;
const WRITE_USED_MS = 60_000;

/** The valid tokens. `undertone token` may change their file at any time. */
export class Tokens {
  readonly #file: string;
  readonly #onError: (error: unknown) => void;
  readonly #master: { readonly hash: Buffer; readonly principal: Principal } | undefined;
  #entries: readonly { readonly hash: Buffer; readonly principal: Principal }[] = [];
  #checkedMs = Number.NEGATIVE_INFINITY;
  #loadedStamp = '';
  readonly #used = new Map<string, number>();
  #usedWrittenMs = performance.now();

  constructor({ file, master, onError = () => {} }: TokensOptions) {
    this.#file = file;
    this.#onError = onError;
    if (master !== undefined) {
      const principal = {
        id: 'master',
        name: '--token',
        scopes: SCOPES,
        expiresMs: Number.POSITIVE_INFINITY,
      };
      this.#master = { hash: hashOf(master), principal };
    }
    this.#load(); // Throws for a damaged file.
  }

  /** Whether there is any valid token. */
  get any(): boolean {
    this.#refresh();
    return this.#master !== undefined || this.#entries.some(({ principal }) => isValid(principal));
  }

  /**
   * Finds the client of a token; `expired` for a token that has expired. Compares the hashes of all tokens, in
   * constant time, so the duration reveals nothing about them.
   */
  find(token: string): Principal | 'expired' | undefined {
    this.#refresh();
    const hash = hashOf(token);
    let found: Principal | undefined;
    for (const entry of this.#master ? [this.#master, ...this.#entries] : this.#entries)
      if (timingSafeEqual(entry.hash, hash)) found = entry.principal;
    if (!found) return undefined;
    if (!isValid(found)) return 'expired';
    if (found !== this.#master?.principal) this.#use(found.id);
    return found;
  }

  /** Whether a client that was authenticated earlier is still valid. */
  isValid(principal: Principal): boolean {
    this.#refresh();
    if (principal.id === 'local') return true;
    if (principal === this.#master?.principal) return true;
    return isValid(principal) && this.#entries.some((entry) => entry.principal.id === principal.id);
  }

  /** Applies a change of the file now, not at the next check. */
  reload(): void {
    this.#load();
  }

  close(): void {
    this.#writeUsed();
  }

  #refresh(): void {
    if (performance.now() - this.#checkedMs < CHECK_MS) return;
    try {
      this.#load();
    } catch (error) {
      this.#onError(error); // The loaded tokens stay valid: a mistake in the file must not lock everyone out.
    }
  }

  #load(): void {
    this.#checkedMs = performance.now();
    const stamp = stampOf(this.#file);
    if (stamp === this.#loadedStamp) return;
    this.#loadedStamp = stamp;
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
    } catch (error) {
      this.#onError(error);
    }
  }
}

const isValid = ({ expiresMs }: Principal): boolean => Date.now() < expiresMs;

function principalOf({ id, name, scopes, expires }: TokenEntry): Principal {
  const expiresMs = expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires);
  return { id, name, scopes, expiresMs };
}

/** Changes whenever the file changes; empty if there is no readable file. */
function stampOf(file: string): string {
  try {
    const { ino, mtimeNs, size } = statSync(file, { bigint: true });
    return `${ino}:${mtimeNs}:${size}`;
  } catch {
    return '';
  }
}
