import { closest, distance } from 'fastest-levenshtein';

/** As much of JSON Schema as there is in ours. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** The keys that an object at `path` may have. */
export function knownKeys(root: unknown, path: readonly PropertyKey[]): string[] {
  let schemas = [root as Schema];
  const open = (schema: Schema): Schema[] => {
    const named = schema.$ref?.replace('#/$defs/', '');
    const here = named === undefined ? schema : ((root as Schema).$defs?.[named] ?? {});
    return [here, ...[...(here.anyOf ?? []), ...(here.oneOf ?? [])].flatMap(open)];
  };
  for (const key of path) {
    schemas = schemas.flatMap(open).flatMap((schema) => {
      const next = typeof key === 'number' ? schema.items : schema.properties?.[String(key)];
      return next ? [next] : [];
    });
  }
  return [...new Set(schemas.flatMap(open).flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

/** The one that was most likely meant. */
export function nearestKey(key: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(key, [...known]);
  return distance(key.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, key.length / 2)
    ? nearest
    : undefined;
}
