import { expect, test } from 'vitest';
import { AddressCount } from '../../../src/server/http/address-count.ts';

test('each address has a limit, and all addresses together', () => {
  const count = new AddressCount({ perAddress: 2, total: 3 });
  const first = count.take('10.0.0.1');
  expect(count.take('10.0.0.1')).toBeTypeOf('function');
  expect(count.take('10.0.0.1')).toBeUndefined();
  first?.();
  first?.(); // Releasing twice counts once.
  expect(count.total).toBe(1);
  expect(count.take('10.0.0.1')).toBeTypeOf('function');
  expect(count.take('10.0.0.2')).toBeTypeOf('function');
  expect(count.take('10.0.0.3')).toBeUndefined();
});

test('an IPv6 network of 64 bits counts as one address', () => {
  const count = new AddressCount({ perAddress: 1 });
  expect(count.take('2001:db8::1')).toBeTypeOf('function');
  expect(count.take('2001:db8::2')).toBeUndefined();
  expect(count.take('2001:db8:0:1::1')).toBeTypeOf('function');
});

test('loopback addresses may have a limit of their own', () => {
  const count = new AddressCount({ perAddress: 1, perLoopback: 2 });
  for (const address of ['127.0.0.1', '::1']) {
    expect(count.take(address)).toBeTypeOf('function');
    expect(count.take(address)).toBeTypeOf('function');
    expect(count.full(address)).toEqual({ of: 'address', limit: 2 });
  }
  expect(count.take('10.0.0.1')).toBeTypeOf('function');
  expect(count.take('10.0.0.1')).toBeUndefined();
});

test('names the limit that is reached', () => {
  const count = new AddressCount({ perAddress: 1, total: 2 });
  expect(count.full('10.0.0.1')).toBeUndefined();
  count.take('10.0.0.1');
  expect(count.full('10.0.0.1')).toEqual({ of: 'address', limit: 1 });
  count.take('10.0.0.2');
  expect(count.full('10.0.0.3')).toEqual({ of: 'total', limit: 2 });
});
