import { type ReasonValues, UserError } from '../../../user-error.ts';

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
 * @param values of a reason in words
 */
export function unreachable(address: string, cause: unknown, values?: ReasonValues): UserError {
  const fault = typeof cause === 'string' ? networkFault(cause) : faultOf(cause);
  return new UserError('unreachable', `${address} cannot be read: ${fault.reason}; ${fault.advice}.`, {
    cause,
    values: fault.name === undefined ? values : { reason: fault.name },
  });
}

interface Fault {
  readonly reason: string;
  /** What to do: the network is not to blame for what a server answers. */
  readonly advice: string;
  /** For programs; absent: none of those that have a name. */
  readonly name?: string | undefined;
}

const networkFault = (reason: string, name?: string): Fault => ({
  ...{ reason, name, advice: 'check the address and the network' },
});

function faultOf(cause: unknown): Fault {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return networkFault('the host was not found', 'not-found');
    case 'ECONNREFUSED':
      return networkFault('no server answers there', 'refused');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return networkFault('there is no route to it', 'no-route');
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return networkFault('the connection dropped', 'dropped');
    case 'NOT_HTTP':
      return {
        name: 'not-http',
        reason: message,
        advice: 'check the port and whether the address begins with http: or https:',
      };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return {
        name: 'certificate',
        reason: `its certificate is not trusted (${code})`,
        advice:
          'check the address, or, for an authority of your own, set NODE_EXTRA_CA_CERTS to its certificate (a PEM file)',
      };
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        name: 'certificate',
        reason: `its certificate is not valid ${code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? 'for this host' : 'today'} (${code})`,
        advice: 'check the address and the clock of this computer',
      };
  }
  if (/^(EPROTO|ERR_SSL_)/.test(code)) {
    return {
      name: 'not-https',
      reason: 'the server does not use https: there',
      advice: 'try the address with http:',
    };
  }
  if (code.startsWith('HPE_')) {
    return {
      name: 'not-http',
      reason: `its HTTP is invalid (${code})`,
      advice: 'report it to the operator of the server',
    };
  }
  return networkFault(message ?? String(cause));
}
