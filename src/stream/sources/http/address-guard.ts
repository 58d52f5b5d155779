import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { UserError } from '../../../user-error.ts';
import { withoutSecrets } from '../../../util/without-secrets.ts';
import { parseHttpUrl } from './url.ts';

/** Whether a connection to an address may be made. */
export type AddressGuard = (address: string) => boolean;

/** Addresses that are not on the public internet: this computer, private networks, reserved addresses. */
const NOT_PUBLIC: readonly (readonly [net: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

/** Allows public addresses and those in `allowed`: for sources that clients of a server add. */
export function publicOnly(allowed: BlockList = new BlockList()): AddressGuard {
  const blocked = new BlockList();
  for (const [net, prefix] of NOT_PUBLIC) blocked.addSubnet(net, prefix, isIPv6(net) ? 'ipv6' : 'ipv4');
  return (address) => {
    // An IPv4 address may be written as ::ffff:10.0.0.1 or, in URLs, as ::ffff:a00:1.
    const plain = asIPv4(address) ?? address;
    const family = isIPv6(plain) ? 'ipv6' : 'ipv4';
    return isIP(plain) !== 0 && (allowed.check(plain, family) || !blocked.check(plain, family));
  };
}

function asIPv4(address: string): string | undefined {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (dotted) return dotted;
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address) ?? [];
  if (high === undefined || low === undefined) return undefined;
  const bits = [Number.parseInt(high, 16), Number.parseInt(low, 16)] as const;
  return bits.flatMap((half) => [half >> 8, half & 0xff]).join('.');
}

/**
 * Checks a web address whose host is an IP address; a host name is checked when it is connected to (see
 * `guardedLookup`). URLs normalize other ways to write an address (`2130706433`, `0x7f.1`) to four bytes.
 *
 * @throws UserError `forbidden-address` if the guard does not allow it, `bad-url`
 */
export function checkLiteralAddress(url: string, guard: AddressGuard): void {
  const host = parseHttpUrl(url).hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !guard(host)) throw forbidden(withoutSecrets(url));
}

export const forbidden = (address: string) =>
  new UserError(
    'forbidden-address',
    `${address} is in a private network: sources that are added while the server runs must be public, unless "privateNetworks" of its configuration allows more.`,
  );

/** Thrown by `guardedLookup` for an address that the guard does not allow. */
export class ForbiddenAddress extends Error {
  readonly code = 'FORBIDDEN_ADDRESS';
}

/**
 * Resolves host names and checks the address that is then connected to. So a name that resolves to a public address
 * first and to a private one a second later (DNS rebinding) gets no connection.
 */
export function guardedLookup(guard: AddressGuard): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = (found as LookupAddress[] | undefined) ?? [];
      if (!error && !addresses.every(({ address }) => guard(address))) error = new ForbiddenAddress(hostname);
      const first = addresses[0];
      if (error || !first) callback(error, '', 4);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
