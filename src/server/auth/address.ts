import type { IncomingMessage } from 'node:http';
import { type BlockList, isIP, isIPv6 } from 'node:net';

/** Adds an address, or a network as `10.0.0.0/8`, to a list. False if it is neither. */
export function addNet(list: BlockList, net: string): boolean {
  const [address = '', bits] = net.split('/');
  const family = isIP(address);
  const width = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? width : Number(bits);
  if (family === 0 || !/^\d*$/.test(bits ?? '') || bits === '' || prefix > width) return false;
  list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  return true;
}

export function inList(list: BlockList, address: string): boolean {
  const plain = unmapped(address);
  return isIP(plain) !== 0 && list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}

/** Turns an IPv4-mapped address, such as `::ffff:10.0.0.1`, into the IPv4 address. */
export const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** The address of the client: the peer, or the client that a trusted proxy forwards for. */
export function clientAddress(request: IncomingMessage, proxies: BlockList): string {
  const peer = unmapped(request.socket.remoteAddress ?? '');
  if (!inList(proxies, peer)) return peer;
  const header = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((hop) => hop.trim());
  // From the end: the first untrusted hop is the client, and could have forged all before it.
  for (const hop of hops.reverse()) if (isIP(hop) !== 0 && !inList(proxies, hop)) return unmapped(hop);
  return peer;
}

/** What counts as one client: an IPv4 address, or an IPv6 network of 64 bits, the usual size of one household. */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group: string) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
