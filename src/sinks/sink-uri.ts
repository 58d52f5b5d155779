/** The parts of a sink as it is written: `osc:tcp://127.0.0.1:9000?framing=slip`. */
export interface SinkUri {
  /** In lower case, without the colon. */
  readonly scheme: string;
  /** The part between the colon and the options. */
  readonly path: string;
  readonly params: ReadonlyMap<string, string>;
}

/** A sink that is written in a wrong way. The message begins with "expected". */
export class BadSink extends Error {
  override readonly name = 'BadSink';
}

const OPTIONS = /\?([a-zA-Z]+=[^&?]*(?:&[a-zA-Z]+=[^&?]*)*)$/;

/** @throws BadSink for text without a scheme, and for an address with a user or a password */
export function parseSinkUri(text: string): SinkUri {
  const scheme = /^([a-z][a-z0-9+-]*):/i.exec(text)?.[1];
  if (!scheme) throw new BadSink('expected a sink such as "osc:127.0.0.1:9000"');
  const rest = text.slice(scheme.length + 1);
  const options = OPTIONS.exec(rest);
  const path = options ? rest.slice(0, options.index) : rest;
  if (path !== withoutUser(path))
    throw new BadSink('expected an address without a user and a password, which "user" and "secret" set');
  return { scheme: scheme.toLowerCase(), path, params: new Map(new URLSearchParams(options?.[1] ?? '')) };
}

/** A sink for logs and displays: without options, user and password, and without the path of a webhook. */
export const sinkName = (text: string): string =>
  withoutUser(text.replace(OPTIONS, '')).replace(/^(webhook:\w+:\/\/[^/]*).*$/is, '$1');

/** A sink as clients may see it. The path of a webhook is often a secret. */
export const shownSink = (text: string): string => (/^webhook:/i.test(text) ? sinkName(text) : text);

const withoutUser = (path: string): string => path.replace(/\/\/[^/]*@/, '//');

/** A sink of a configuration in `folder`: the path of `file:` is relative to it. */
export function inFolder(text: string, folder: (path: string) => string): string {
  const [, path = '', options = ''] = /^file:(.*?)(\?[a-zA-Z]+=.*)?$/i.exec(text) ?? [];
  return path === '' ? text : `file:${folder(path)}${options}`;
}

/**
 * @param known undefined: all options are allowed
 * @throws BadSink for an option that the kind does not have, usually a typo
 */
export function checkParams({ scheme, params }: SinkUri, known: readonly string[] | undefined): void {
  if (!known) return;
  for (const name of params.keys()) {
    if (known.includes(name)) continue;
    if (name === 'secretEnv')
      throw new BadSink('expected "secret": {"env": "NAME"} beside "sink", not "secretEnv" in it');
    const options = known.length > 0 ? `the options ${known.join(', ')}` : 'no options';
    throw new BadSink(`expected ${options} of ${scheme}:, not "${name}"`);
  }
}

/** An option that is one of some words; the first is the default. */
export function wordParam<const T extends readonly [string, ...string[]]>(
  { params }: SinkUri,
  name: string,
  words: T,
): T[number] {
  const value = params.get(name) ?? words[0];
  if (words.includes(value)) return value;
  throw new BadSink(`expected ${name} to be one of ${words.join(', ')}`);
}

/** An option that is a whole number from `min` to `max`. */
export function integerParam(
  { params }: SinkUri,
  name: string,
  range: { readonly min: number; readonly max: number; readonly default: number },
): number {
  const text = params.get(name);
  if (text === undefined) return range.default;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= range.min && value <= range.max) return value;
  throw new BadSink(`expected ${name} to be a whole number from ${range.min} to ${range.max}`);
}
