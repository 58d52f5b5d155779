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
