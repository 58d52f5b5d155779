import { UserError } from '../../user-error.ts';

/** How long a server may take to answer, and how long it may then say nothing. */
const PATIENCE_MS = 20_000;

/**
 * The bytes of an audio file at a web address, as they arrive.
 *
 * @throws UserError `bad-url` for what is no address, `unreachable` where no server answers or it falls
 *   silent for 20 s, `http-status` where it answers anything but success, `bad-audio` for a page of text
 */
export async function* download(
  url: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const address = withoutSecrets(url);
  const patience = new AbortController();
  const wait = () => setTimeout(() => patience.abort(), PATIENCE_MS);
  let timer = wait();
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, patience.signal]) });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      const message = `${address} answered ${response.status} ${response.statusText}`.trimEnd();
      throw new UserError(
        'http-status',
        `${message}: expected an audio file; check that the address opens in a browser.`,
      );
    }
    const type = response.headers.get('content-type') ?? '';
    if (/^(text\/(html|plain)|application\/json)\b/i.test(type)) {
      await response.body.cancel();
      throw new UserError(
        'bad-audio',
        `${address} is ${type.split(';')[0]}, not audio: expected the address of the audio file itself.`,
      );
    }
    for await (const bytes of response.body) {
      // Only the server is on the clock, not the one who reads this.
      clearTimeout(timer);
      yield bytes;
      timer = wait();
    }
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    if (signal.aborted) return;
    throw new UserError(
      'unreachable',
      `${address} cannot be read: ${reasonOf(cause, patience.signal)}; check the address and the network.`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

/** An address as it may be shown: without a password, and without what may be a token in its query. */
function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) {
    const message = `"${url}" is not a web address: expected one such as https://host/song.mp3.`;
    throw new UserError('bad-url', message);
  }
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

function reasonOf(cause: unknown, patience: AbortSignal): string {
  if (patience.aborted) return `nothing came for ${PATIENCE_MS / 1000} s`;
  const error = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'no computer of that name was found';
    case 'ECONNREFUSED':
      return 'no server answers there';
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'the connection broke off';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
