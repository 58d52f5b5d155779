/** The text that this browser keeps under a key; null without one, and where storage is blocked. */
export function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** The JSON that this browser keeps under a key; undefined without any, and where it cannot be read. */
export function storedJson(key: string): unknown {
  try {
    return JSON.parse(stored(key) ?? '');
  } catch {
    return undefined;
  }
}

/** Keeps a choice in this browser; where storage is blocked, it is lost on reload. */
export function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is blocked.
  }
}
