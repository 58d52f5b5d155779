import type { Socket } from 'node:net';

/**
 * Rewrites the head of a response, before Node's parser reads it, to what RFC 9112 demands. Radio servers send heads
 * that the parser rejects: `ICY 200 OK` (SHOUTcast 1), bare line feeds, lines without a colon, spaces before a colon,
 * control characters, a length beside chunks. The body is not changed.
 *
 * Leniency is dangerous where two programs read one connection differently (request smuggling). Here a connection
 * carries one request and one response and is then closed, and the parser gets a strict head. The connection itself
 * stays Node's own, so the address guard, TLS and timeouts apply unchanged.
 *
 * The socket's errors are then also a `NotHttp`, for a server that answers in another protocol or not at all.
 */
export function rewriteHead(socket: Socket): void {
  const push = socket.push.bind(socket);
  let held = '';
  // Everything that arrives goes through `push`; in case of TLS, after decryption.
  socket.push = (bytes: Buffer | null): boolean => {
    try {
      if (bytes !== null) held += bytes.toString('latin1');
      const ready = strictResponse(held, { ended: bytes === null });
      if (ready === undefined) return true;
      delete (socket as Partial<Socket>).push;
      const more = push(Buffer.from(ready, 'latin1'));
      return bytes === null ? push(null) : more;
    } catch (error) {
      socket.destroy(error as Error);
      return false;
    }
  };
}

/** The server does not answer in HTTP. The message is a clause that states what it does instead. */
class NotHttp extends Error {
  readonly code = 'NOT_HTTP';
}

export const MAX_HEAD_BYTES = 64 * 1024;

/**
 * The beginning of a response with a strict head; undefined while more of it must arrive.
 *
 * @param received everything so far, one character for each byte
 * @throws NotHttp
 */
export function strictResponse(
  received: string,
  { ended = false }: { readonly ended?: boolean } = {},
): string | undefined {
  const text = received.replace(/^[\r\n]+/, '');
  if (!/^(H|HT|HTT|HTTP.*|I|IC|ICY.*)?$/is.test(text.slice(0, 5))) throw new NotHttp(protocolOf(text));
  const end = /\r?\n\r?\n/.exec(text);
  if (!end) {
    if (text.length > MAX_HEAD_BYTES) throw new NotHttp('the head of its answer is too long');
    if (ended && text === '') throw new NotHttp('the server closes the connection without an answer');
    if (ended) throw new NotHttp('the server closes the connection within the head of its answer');
    return undefined;
  }
  const [statusLine, ...lines] = text.slice(0, end.index).split(/\r?\n/);
  const body = text.slice(end.index + end[0].length);
  const [, status, reason] =
    /^(?:HTTP(?:\/[\d.]*)?|ICY)[ \t]*(\d{3})(?!\d)[ \t]*(.*)$/i.exec(statusLine!) ?? [];
  if (status === undefined) throw new NotHttp('its answer begins with no HTTP status');
  // An informational response, such as 103 Early Hints: another follows.
  if (status.startsWith('1') && status !== '101') return strictResponse(body, { ended });
  const fields = fieldsOf(lines);
  const chunked = /\bchunked\b/i.test(valuesOf(fields, 'transfer-encoding').join());
  const inChunks = chunked && beginsWithChunk(body, ended);
  if (inChunks === undefined) return undefined;
  const head = [`HTTP/1.1 ${status} ${printable(reason!)}`, ...strictFields(fields, inChunks)];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

type Field = readonly [name: string, value: string];

/** Lines that are no field are left out. */
function fieldsOf(lines: readonly string[]): Field[] {
  const fields: Field[] = [];
  for (const line of lines) {
    const last = fields.at(-1);
    const [, name, value] = /^[ \t]*([!#$%&'*+.^_`|~\w-]+)[ \t]*:(.*)$/s.exec(line) ?? [];
    // A line that begins with a space continues the one before.
    if (last && /^[ \t]/.test(line)) fields[fields.length - 1] = [last[0], `${last[1]} ${printable(line)}`];
    else if (name !== undefined) fields.push([name, printable(value!)]);
  }
  return fields;
}

/** The fields with at most one that defines the body's length: a valid one that the body does not contradict. */
function strictFields(fields: readonly Field[], inChunks: boolean): string[] {
  const lengths = new Set(valuesOf(fields, 'content-length'));
  const [length] = lengths;
  const kept = fields.filter(([name]) => !/^(content-length|transfer-encoding)$/i.test(name));
  const strict = kept.map(([name, value]) => `${name}: ${value}`);
  if (inChunks) strict.push('Transfer-Encoding: chunked');
  else if (lengths.size === 1 && /^\d{1,15}$/.test(length!)) strict.push(`Content-Length: ${length}`);
  // `Transfer-Encoding: gzip, chunked` compresses the body as Content-Encoding does.
  const [coding] = /\b(x-)?gzip\b|\bdeflate\b/i.exec(valuesOf(fields, 'transfer-encoding').join()) ?? [];
  if (coding) strict.push(`Content-Encoding: ${coding}`);
  return strict;
}

const valuesOf = (fields: readonly Field[], name: string): string[] =>
  fields
    .filter((field) => field[0].toLowerCase() === name)
    .flatMap(([, value]) => value.split(',').map((one) => one.trim()));

/** Bytes above 0x7f stay as they are: names of stations are in any encoding. */
const printable = (text: string): string => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim();

/** Whether a body that is announced as chunked begins with a chunk's size; undefined while that is open. */
function beginsWithChunk(body: string, ended: boolean): boolean | undefined {
  if (/^[\da-f]+[ \t]*(;[^\n]{0,256})?\r?\n/i.test(body)) return true;
  return !ended && /^([\da-f]{1,16}[ \t]*((;[^\n]{0,256})|\r)?)?$/i.test(body) ? undefined : false;
}

/** What the first bytes of an answer that is not HTTP reveal. */
function protocolOf(text: string): string {
  if (text.startsWith('SSH-')) return 'an SSH server answers there';
  if (/^(220|554|\+OK|\* OK)/.test(text)) return 'a mail or FTP server answers there';
  if (text.startsWith('\x15\x03')) return 'the server expects https: there';
  return 'what answers there does not use HTTP';
}
