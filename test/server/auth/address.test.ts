import type { IncomingMessage } from 'node:http';
import { BlockList } from 'node:net';
import { describe, expect, test } from 'vitest';
import { addNet, addressKey, clientAddress, inList } from '../../../src/server/auth/address.ts';

describe('addresses', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  test.each([
    ['10.0.0.0/8', true],
    ['127.0.0.1', true],
    ['fd00::/8', true],
    ['10.0.0.0/33', false],
    ['10.0.0.0/', false],
    ['10.0.0.0/x', false],
    ['localhost', false],
  ])('%s is a network: %s', (network, expected) => {
    expect(addNet(new BlockList(), network)).toBe(expected);
  });

  test('a mapped address is in the network of its IPv4 address', () => {
    const list = new BlockList();
    addNet(list, '10.0.0.0/8');
    expect(inList(list, '::ffff:10.1.2.3') && inList(list, '10.1.2.3')).toBe(true);
    expect(inList(list, '11.1.2.3') || inList(list, 'nonsense')).toBe(false);
  });

  test('behind proxies, the client is the last untrusted address', () => {
    const proxies = new BlockList();
    addNet(proxies, '127.0.0.1');
    addNet(proxies, '10.0.0.0/8');
    const from = (remoteAddress: string, forwarded?: string) =>
      clientAddress(
        {
          socket: { remoteAddress },
          headers: { 'x-forwarded-for': forwarded },
        } as unknown as IncomingMessage,
        proxies,
      );
    expect(from('127.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2')).toBe('203.0.113.9');
    expect(from('203.0.113.7', '1.1.1.1')).toBe('203.0.113.7');
    expect(from('127.0.0.1', 'nonsense')).toBe('127.0.0.1');
    expect(from('::ffff:127.0.0.1', '198.51.100.4')).toBe('198.51.100.4');
  });
});
