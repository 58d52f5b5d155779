import { readFileSync } from 'node:fs';
import { closest, distance } from 'fastest-levenshtein';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import { UserError } from '../../user-error.ts';
import { decodeText, isText } from '../../util/text.ts';
import { type Config, configJsonSchema, configSchema } from './schema.ts';

/**
 * Reads and checks a configuration.
 *
 * @throws UserError `bad-config`: one sentence with the line, the key's path, what was expected and what was found
 */
export function readConfig(file: string): Config {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new UserError('bad-config', `The configuration ${file} ${why}: check the path after --config.`, {
      cause,
    });
  }
  if (!isText(bytes)) {
    const message = `The configuration ${file} is not UTF-8 text: save it in that encoding.`;
    throw new UserError('bad-config', message);
  }
  return parseConfig(decodeText(bytes), file);
}

export function parseConfig(text: string, file: string): Config {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  const [broken] = errors;
  if (broken || !tree) {
    const line = lineAt(text, broken?.offset ?? 0);
    throw configError(file, line, `the JSON is invalid (${broken ? plain(broken) : 'it is empty'})`);
  }
  const twice = duplicate(tree);
  if (twice) throw configError(file, lineAt(text, twice.offset), `the key "${twice.value}" occurs twice`);
  const value: unknown = JSON.parse(text);
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(deepest);
  // A misspelled key also makes another one missing: report the misspelled one.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  throw configError(file, lineAt(text, offsetOf(tree, issue)), sentence(issue, value));
}

/** Offset of the wrong value; of the object that should contain it, if the value is missing. */
function offsetOf(tree: Node, issue: z.core.$ZodIssue): number {
  const path = [...issue.path, ...(issue.code === 'unrecognized_keys' ? [issue.keys[0]!] : [])];
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length) as (string | number)[]);
    if (node) return node.offset;
  }
  return tree.offset;
}

const configError = (file: string, line: number, what: string) =>
  new UserError('bad-config', `The configuration ${file} is invalid in line ${line}: ${what}.`);

/** For a choice between objects, the error within the matching one. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union' || issue.message.startsWith('expected')) return issue;
  const inner = issue.errors.flat()[0];
  return inner ? deepest({ ...inner, path: [...issue.path, ...inner.path] }) : issue;
}

function sentence(issue: z.core.$ZodIssue, value: unknown): string {
  const where = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const known = knownKeys(configJsonSchema(), issue.path);
    // A choice between objects knows it, but not the one that the other keys have chosen.
    if (known.includes(key))
      return `${where} has a key "${key}" that does not go with its other keys: remove it`;
    const nearest = nearestKey(key, known);
    const hint = nearest === undefined ? `expected one of ${known.join(', ')}` : `did you mean "${nearest}"?`;
    return `${where === '' ? 'the file' : where} has an unknown key "${key}": ${hint}`.replace(/\?$/, '');
  }
  const expected = issue.message.replace(/^Invalid input: /, '').replace(/, received .*$/s, '');
  return `${where === '' ? 'the file' : where}: ${expected}, but got ${gotAt(value, issue.path)}`;
}

/** `streams[1].alerts[0].for` */
const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`))
    .join('');

/** The found value, for the message. Possible secrets are left out, long values are cut. */
function gotAt(value: unknown, path: readonly PropertyKey[]): string {
  let at = value;
  for (const key of path) at = (at as Record<PropertyKey, unknown> | null | undefined)?.[key];
  if (at === undefined) return 'nothing';
  if ((path.includes('webhooks') || path.includes('sinks')) && typeof at === 'string')
    return 'another string';
  if (Array.isArray(at)) return `a list of ${at.length}`;
  if (typeof at === 'object' && at !== null) return 'an object';
  const json = JSON.stringify(at);
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** `PropertyExpected` → `property expected` */
const plain = ({ error }: ParseError): string =>
  printParseErrorCode(error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();

/** A key that occurs twice in an object. JSON.parse would silently drop the first. */
function duplicate(node: Node): Node | undefined {
  const seen = new Set<string>();
  for (const child of node.children ?? []) {
    if (node.type === 'object') {
      const key = child.children?.[0];
      if (key && seen.has(key.value)) return key;
      if (key) seen.add(key.value);
    }
    const inner = duplicate(child);
    if (inner) return inner;
  }
  return undefined;
}

/** The parts of JSON Schema that the schema of the configuration uses. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** The keys that an object at `path` may have. */
function knownKeys(root: unknown, path: readonly PropertyKey[]): string[] {
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

/** The known key that was most likely meant. */
function nearestKey(key: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(key, [...known]);
  return distance(key.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, key.length / 2)
    ? nearest
    : undefined;
}
