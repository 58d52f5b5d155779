import { UserError } from '../user-error.ts';
import { type SinkEntry, sinkEntry } from './sink-entry.ts';
import { parseSinkUri, sinkName, type VALUE_OPTIONS } from './sink-uri.ts';

/** Options of `--sink` that are keys of a value in the configuration, and how their text is read. */
const VALUE_KEYS = {
  value: String,
  as: String,
  from: rangeOf,
  to: rangeOf,
  smooth: String,
  every: String,
  on: Number,
  off: Number,
  edge: String,
} as const satisfies Readonly<Record<(typeof VALUE_OPTIONS)[number], (text: string) => unknown>>;

/** The argument of `--sink`, for help texts. */
export const SINK_ARGUMENT_OPTIONS = `${Object.keys(VALUE_KEYS).join(', ')}, user, secretEnv`;

/**
 * Parses the argument of `--sink`: a sink whose options may also map one value and name the variable of the secret, as
 * in `osc:127.0.0.1:9000?value=arousal&to=0..1` and `mqtt://broker?user=me&secretEnv=MQTT_PASSWORD`.
 *
 * @throws UserError `usage`
 */
export function parseSinkArgument(text: string): SinkEntry {
  try {
    const { scheme, path, params } = parseSinkUri(text);
    const own = new URLSearchParams();
    const value: Record<string, unknown> = {};
    const entry: Record<string, unknown> = {};
    for (const [name, given] of params) {
      if (Object.hasOwn(VALUE_KEYS, name)) value[name] = VALUE_KEYS[name as keyof typeof VALUE_KEYS](given);
      else if (name === 'user') entry.user = given;
      else if (name === 'secretEnv') entry.secret = variable(given);
      else own.set(name, given);
    }
    // Without a value, smoothing and rate apply to all values.
    if (value.value !== undefined) entry.values = [value];
    else Object.assign(entry, value);
    const options = own.size > 0 ? `?${own}` : '';
    const result = sinkEntry.safeParse({ sink: `${scheme}:${path}${options}`, ...entry });
    if (result.success) return result.data;
    const issue = result.error.issues[0]!;
    if (issue.code === 'unrecognized_keys')
      throw new Error(`expected "value" beside "${issue.keys[0]}", such as value=arousal`);
    const { path: at, message } = issue;
    const key = at.filter((part) => !['sink', 'values', 0].includes(part as string)).join('.');
    throw new Error(`${key === '' ? '' : `${key}: `}${message}`);
  } catch (cause) {
    const { message } = cause as Error;
    throw new UserError('usage', `--sink ${sinkName(text)} is invalid: ${message}.`, { cause });
  }
}

function variable(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`the variable ${name} is not set`);
}

/** `0..1`; anything else is left for the schema to reject. */
function rangeOf(text: string): number[] {
  return text.split('..').map((part) => (part === '' ? Number.NaN : Number(part)));
}
