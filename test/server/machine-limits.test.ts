import { expect, test } from 'vitest';
import { LIMITS } from '../../src/server/limits.ts';
import { machineLimits } from '../../src/server/machine-limits.ts';

const GIB = 2 ** 30;
const machine = { cores: 8, memoryBytes: 8 * GIB, openFiles: 1_000_000 };

test('sockets follow the memory and the open files of the machine, and are never below the built-in limit', () => {
  const sockets = (part: Partial<typeof machine>) => machineLimits({}, { ...machine, ...part }).sockets;
  expect(sockets({})).toBe((2 * GIB) / LIMITS.clientBufferBytes);
  expect(sockets({ memoryBytes: 4 * GIB })).toBe(GIB / LIMITS.clientBufferBytes);
  expect(sockets({ memoryBytes: 1000 * GIB })).toBe(20_000);
  expect(sockets({ openFiles: 1024 })).toBe(768);
  expect(sockets({ openFiles: 64, memoryBytes: 1 })).toBe(LIMITS.sockets);
  // This machine, whatever it has.
  expect(machineLimits().sockets).toBeGreaterThanOrEqual(LIMITS.sockets);
});

test('loopback may use all sockets, unless the limit of an address is configured', () => {
  const { sockets, socketsPerLoopback, connectionsPerLoopback } = machineLimits({}, machine);
  expect(socketsPerLoopback).toBe(sockets);
  expect(connectionsPerLoopback).toBe(2 * sockets!);
  expect(machineLimits({ socketsPerAddress: 3, connectionsPerAddress: 9 }, machine)).toMatchObject({
    socketsPerAddress: 3,
    socketsPerLoopback: 3,
    connectionsPerLoopback: 9,
  });
});

test('the configuration takes precedence', () => {
  expect(machineLimits({}, machine).analyses).toBe(4);
  expect(machineLimits({}, { ...machine, cores: 1 }).analyses).toBe(LIMITS.analyses);
  expect(machineLimits({ sockets: 10, analyses: 1, streams: 2 }, machine)).toMatchObject({
    sockets: 10,
    socketsPerLoopback: 10,
    analyses: 1,
    streams: 2,
  });
});
