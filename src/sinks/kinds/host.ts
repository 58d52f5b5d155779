import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import {
  type AddressGuard,
  ForbiddenAddress,
  guardedLookup,
} from '../../stream/sources/http/address-guard.ts';
import { BadSink } from '../sink-uri.ts';

export interface HostAndPort {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Parses `HOST:PORT` or `[::1]:PORT`. @throws BadSink */
export function parseHostPort(text: string, defaultPort?: number): HostAndPort {
  const [, v6, name, digits] = /^(?:\[([0-9a-f:.]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?\/?$/i.exec(text) ?? [];
  const host = v6 ?? name;
  const port = digits === undefined ? defaultPort : Number(digits);
  if (host === undefined || port === undefined || port < 1 || port > 65_535 || (v6 && isIP(v6) !== 6))
    throw new BadSink('expected a host and a port such as "127.0.0.1:9000"');
  return { host, port };
}

/** The options of a TCP connection that the guard allows. @throws ForbiddenAddress */
export function guardedHost(
  host: string,
  guard: AddressGuard | undefined,
): { readonly host: string; readonly lookup?: LookupFunction } {
  if (!guard) return { host };
  // A literal address is not looked up.
  if (isIP(host) !== 0 && !guard(host)) throw new ForbiddenAddress(host);
  return { host, lookup: guardedLookup(guard) };
}

/** Resolves a host, for protocols without connections. @throws ForbiddenAddress, and errors of DNS */
export async function resolveHost(host: string, guard: AddressGuard | undefined): Promise<LookupAddress> {
  const found = await dns.lookup(host);
  if (guard && !guard(found.address)) throw new ForbiddenAddress(host);
  return found;
}
