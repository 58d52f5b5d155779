import { serverUrl } from '../live/server-url.ts';
import type { Operation } from './openapi.ts';

/** What was typed into the form of one operation. */
export interface Filled {
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: string;
  readonly file: File | null;
  readonly token: string;
}

export interface Answer {
  readonly status: string;
  readonly good: boolean;
  readonly type: string;
  readonly ms: number;
  readonly text: string;
  /** There was more than is shown. */
  readonly cut: boolean;
}

/** An answer that does not end, as of server-sent events, is shown as far as it came until then. */
const READ_MS = 4_000;
const SHOWN_CHARACTERS = 20_000;

export function urlOf({ path, parameters = [] }: Operation, filled: Filled): URL {
  const value = (name: string) => filled.parameters[name] ?? '';
  const url = serverUrl(
    path.slice(1).replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(value(name))),
    'http',
  );
  url.searchParams.delete('token'); // It goes in a header.
  for (const parameter of parameters)
    if (parameter.in === 'query' && value(parameter.name) !== '')
      url.searchParams.set(parameter.name, value(parameter.name));
  return url;
}

/** The same request for a terminal. */
export function curlOf(operation: Operation, filled: Filled): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    'curl',
    ...(operation.method === 'GET' ? [] : [`-X ${operation.method}`]),
    ...(filled.token === '' ? [] : ['-H "Authorization: Bearer $TOKEN"']),
    ...(takesJson(operation) ? ["-H 'Content-Type: application/json'", `-d ${quote(filled.body)}`] : []),
    ...(takesFile(operation) ? ['--data-binary @song.ogg'] : []),
    quote(urlOf(operation, filled).href),
  ].join(' ');
}

export const takesJson = ({ requestBody }: Operation): boolean =>
  requestBody?.content['application/json'] !== undefined;

export const takesFile = ({ requestBody }: Operation): boolean =>
  requestBody !== undefined && requestBody.content['application/json'] === undefined;

/** A WebSocket cannot be tried by a form. */
export const isSocket = ({ responses }: Operation): boolean => '101' in responses;

export async function send(operation: Operation, filled: Filled): Promise<Answer> {
  const headers: Record<string, string> = {};
  if (filled.token !== '') headers.authorization = `Bearer ${filled.token}`;
  let body: BodyInit | null = null;
  if (takesJson(operation) && filled.body.trim() !== '') {
    headers['content-type'] = 'application/json';
    body = filled.body;
  } else if (takesFile(operation)) body = filled.file;
  const beganMs = performance.now();
  const response = await fetch(urlOf(operation, filled), { method: operation.method, headers, body });
  const type = response.headers.get('content-type') ?? '';
  const { text, cut } = await read(response);
  return {
    status: `${response.status} ${response.statusText}`.trim(),
    good: response.ok,
    type,
    ms: performance.now() - beganMs,
    text: cut ? text : pretty(text, type),
    cut,
  };
}

async function read(response: Response): Promise<{ text: string; cut: boolean }> {
  if (response.body === null) return { text: '', cut: false };
  if (response.headers.get('content-type') === 'application/pdf') {
    await response.body.cancel();
    return { text: '(a PDF)', cut: false };
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void reader.cancel();
  }, READ_MS);
  let text = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return { text, cut: late };
      text += value;
      if (text.length > SHOWN_CHARACTERS) {
        await reader.cancel();
        return { text: text.slice(0, SHOWN_CHARACTERS), cut: true };
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

function pretty(text: string, type: string): string {
  if (!type.includes('json')) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2).slice(0, SHOWN_CHARACTERS);
  } catch {
    return text; // A line of JSON after the other.
  }
}
