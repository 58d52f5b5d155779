/**
 * Does `work` once for each key, and returns the same result from then on. A failure is forgotten: the next call for its
 * key tries again. Nothing else is, so the keys must be few.
 */
export function oncePerKey<Value>(work: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const results = new Map<string, Promise<Value>>();
  return (key) => {
    const known = results.get(key);
    if (known) return known;
    const result = work(key);
    results.set(key, result);
    result.catch(() => results.delete(key));
    return result;
  };
}
