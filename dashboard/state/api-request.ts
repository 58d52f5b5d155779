import type { Operation } from './openapi.ts';

/** Values of one operation's form. */
export interface FormValues {
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: string;
  readonly file: File | null;
  readonly token: string;
}

export interface ApiResponse {
  readonly status: string;
  readonly ok: boolean;
  readonly type: string;
  readonly ms: number;
  readonly text: string;
  /** `text` is incomplete. */
  readonly truncated: boolean;
}

/** A response that does not end, such as server-sent events, is shown as received by then. */
const READ_MS = 4_000;
const MAX_CHARACTERS = 20_000;

function urlOf({ path, parameters = [] }: Operation, values: FormValues): URL {
  const value = (name: string) => values.parameters[name] ?? '';
  const full = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(value(name)));
  const url = new URL(full.slice(1), document.baseURI);
  for (const parameter of parameters)
    if (parameter.in === 'query' && value(parameter.name) !== '')
      url.searchParams.set(parameter.name, value(parameter.name));
  return url;
}

/** The same request as a shell command. */
export function curlOf(operation: Operation, values: FormValues): string {
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    'curl',
    ...(operation.method === 'GET' ? [] : [`-X ${operation.method}`]),
    ...(values.token === '' ? [] : ['-H "Authorization: Bearer $TOKEN"']),
    ...(takesJson(operation) ? ["-H 'Content-Type: application/json'", `-d ${quote(values.body)}`] : []),
    ...(takesFile(operation) ? ['--data-binary @song.ogg'] : []),
    quote(urlOf(operation, values).href),
  ].join(' ');
}

export const takesJson = ({ requestBody }: Operation): boolean =>
  requestBody?.content['application/json'] !== undefined;

export const takesFile = ({ requestBody }: Operation): boolean =>
  requestBody !== undefined && requestBody.content['application/json'] === undefined;

/** A WebSocket, which a form cannot try. */
export const isSocket = ({ responses }: Operation): boolean => '101' in responses;

export async function send(operation: Operation, values: FormValues): Promise<ApiResponse> {
  const headers: Record<string, string> = {};
  if (values.token !== '') headers.authorization = `Bearer ${values.token}`;
  let body: BodyInit | null = null;
  if (takesJson(operation) && values.body.trim() !== '') {
    headers['content-type'] = 'application/json';
    body = values.body;
  } else if (takesFile(operation)) body = values.file;
  const startMs = performance.now();
  const response = await fetch(urlOf(operation, values), { method: operation.method, headers, body });
  const type = response.headers.get('content-type') ?? '';
  const { text, truncated } = await read(response);
  return {
    status: `${response.status} ${response.statusText}`.trim(),
    ok: response.ok,
    type,
    ms: performance.now() - startMs,
    text: truncated ? text : pretty(text, type),
    truncated,
  };
}

async function read(response: Response): Promise<{ text: string; truncated: boolean }> {
  if (response.body === null) return { text: '', truncated: false };
  if (response.headers.get('content-type') === 'application/pdf') {
    await response.body.cancel();
    return { text: '(a PDF)', truncated: false };
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
      if (done) return { text, truncated: late };
      text += value;
      if (text.length > MAX_CHARACTERS) {
        await reader.cancel();
        return { text: text.slice(0, MAX_CHARACTERS), truncated: true };
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

function pretty(text: string, type: string): string {
  if (!type.includes('json')) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2).slice(0, MAX_CHARACTERS);
  } catch {
    return text; // One JSON value per line.
  }
}
