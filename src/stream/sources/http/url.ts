import { UserError } from '../../../user-error.ts';

/** @throws UserError `bad-url` for text that is not an `http:` or `https:` address */
export function parseHttpUrl(url: string): URL {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return new URL(url);
  const message = `"${url}" is not a web address: expected one such as https://host/song.mp3.`;
  throw new UserError('bad-url', message);
}

/**
 * The error for an address that cannot be read.
 *
 * @param address without secrets
 * @param cause the error, or the reason in words
 */
export function unreachable(address: string, cause: unknown): UserError {
  const reason = typeof cause === 'string' ? cause : reasonOf(cause);
  return new UserError(
    'unreachable',
    `${address} cannot be read: ${reason}; check the address and the network.`,
    { cause },
  );
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host was not found';
    case 'ECONNREFUSED':
      return 'no server answers there';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no route to it';
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return 'the connection dropped';
    case 'HPE_INVALID_CONSTANT':
      return 'it does not use HTTP (old SHOUTcast servers do not)';
    case 'CERT_HAS_EXPIRED':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate is not trusted (${code})`;
    default:
      return code?.startsWith('HPE_') ? 'it does not use HTTP' : (message ?? String(cause));
  }
}
