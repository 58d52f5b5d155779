import { connect, type Socket } from 'node:net';
import { withTimeout } from '../../util/with-timeout.ts';
import type { MappedValue } from '../mapping/mapping.ts';
import { faultOf, SinkFault } from '../sink-fault.ts';
import { BadSink, wordParam } from '../sink-uri.ts';
import { addressOf, checkTemplate } from './address.ts';
import { guardedHost, type HostAndPort, parseHostPort } from './host.ts';
import type { OpenOptions, SinkConnection, SinkStep, StreamSinkKind } from './stream-sink-kind.ts';
import { connectUdp } from './udp.ts';

const DEFAULT_ADDRESS = '/undertone/{stream}/{value}';
const CONNECT_MS = 10_000;
/** How long a receiver may take to read what was sent. */
const CLOSE_MS = 1_000;

/**
 * Open Sound Control 1.0: one bundle per step, with the time of the frame as its time tag. Over TCP, each bundle has
 * its length before it (OSC 1.0) or is framed by SLIP (OSC 1.1, as QLab expects).
 */
export const oscSink: StreamSinkKind = {
  schemes: ['osc'],
  usage: 'osc:HOST:PORT',
  about: 'Open Sound Control over UDP, or TCP with osc:tcp://HOST:PORT',
  example: 'osc:127.0.0.1:7000?value=arousal&as=/composition/layers/1/video/opacity&to=0..1&smooth=2s',
  params: ['address', 'framing'],
  remote: true,
  live: true,
  maxQueued: 16,
  wholeFrames: false,
  create(target) {
    const { values = [] } = target;
    const [, protocol = 'udp', rest = target.path] = /^(udp|tcp):\/\/(.*)$/.exec(target.path) ?? [];
    const to = parseHostPort(rest);
    const template = target.params.get('address') ?? DEFAULT_ADDRESS;
    for (const address of [template, ...values.map(({ as }) => as ?? template)]) checkAddress(address);
    const framing = wordParam(target, 'framing', ['length', 'slip']);
    return {
      host: to.host,
      async open(options) {
        // Loaded here, since most servers have no such sink.
        const { encode, Bundle, Message } = await import('node-osc');
        const packet = (step: SinkStep): Buffer | undefined => {
          const messages = step.values
            .filter(({ value }) => value !== null)
            .map((value) => new Message(addressOf(template, step, value), ...argumentsOf(value)));
          return messages.length > 0 ? encode(new Bundle(step.timeMs / 1000, ...messages)) : undefined;
        };
        return protocol === 'tcp'
          ? openTcp(to, options, (step) => frame(packet(step), framing))
          : openUdp(to, options, packet);
      },
    };
  },
};

/** @throws BadSink */
function checkAddress(address: string): void {
  checkTemplate(address);
  if (!address.startsWith('/') || /[\s#*,?[\]]/.test(address))
    throw new BadSink('expected an OSC address such as "/undertone/{stream}/{value}"');
}

/** Numbers are floats, also whole ones. A trigger has no argument. */
function argumentsOf({ value, kind }: MappedValue) {
  if (kind === 'trigger' || value === null) return [];
  const numbers = typeof value === 'number' ? [value] : value;
  return typeof numbers === 'string' ? [numbers] : numbers.map((one) => ({ type: 'f' as const, value: one }));
}

type Packet = (step: SinkStep) => Buffer | undefined;

async function openUdp(to: HostAndPort, { guard }: OpenOptions, packet: Packet): Promise<SinkConnection> {
  const { socket, lost, send } = await connectUdp(to, { guard });
  return { lost, send: sender(packet, send), close: () => void socket.close() };
}

async function openTcp(
  { host, port }: HostAndPort,
  { guard, signal }: OpenOptions,
  packet: Packet,
): Promise<SinkConnection> {
  const socket = connect({ ...guardedHost(host, guard), port, noDelay: true });
  const lost = new Promise<SinkFault>((resolve) => {
    socket.on('error', (error) => resolve(faultOf(error)));
    socket.on('close', () => resolve(new SinkFault('closed', 'the connection was closed')));
  });
  await connected(socket, signal);
  socket.resume(); // Replies are not read, but the end of the connection is noticed.
  return {
    lost,
    send: sender(
      packet,
      (bytes) =>
        new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve()))),
    ),
    close() {
      socket.destroySoon();
      setTimeout(() => socket.destroy(), CLOSE_MS).unref(); // A receiver that reads nothing would keep it open.
    },
  };
}

/** Sends a step's packet, if it has one. */
function sender(packet: Packet, send: (bytes: Buffer) => Promise<void>): SinkConnection['send'] {
  return async ([step]) => {
    const bytes = packet(step);
    if (bytes) await send(bytes);
    return undefined;
  };
}

/** Resolves when a socket is connected; destroys it after 10 s and when `signal` aborts. */
function connected(socket: Socket, signal: AbortSignal): Promise<void> {
  const connecting = (ends: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const stop = () => socket.destroy(new SinkFault('no-answer', 'it did not answer'));
      ends.addEventListener('abort', stop, { once: true });
      if (ends.aborted) stop();
      socket.once('error', reject);
      socket.once('connect', resolve);
    });
  return withTimeout(CONNECT_MS, signal, connecting);
}

const SLIP = { end: 0xc0, escape: 0xdb, escapedEnd: 0xdc, escapedEscape: 0xdd };

/** A packet as it goes over TCP: after its length as a 32-bit integer, or in SLIP (RFC 1055) with END on both sides. */
function frame(packet: Buffer | undefined, framing: 'length' | 'slip'): Buffer | undefined {
  if (!packet) return undefined;
  if (framing === 'length') {
    const length = Buffer.alloc(4);
    length.writeInt32BE(packet.length);
    return Buffer.concat([length, packet]);
  }
  const bytes = [SLIP.end];
  for (const byte of packet) {
    if (byte === SLIP.end) bytes.push(SLIP.escape, SLIP.escapedEnd);
    else if (byte === SLIP.escape) bytes.push(SLIP.escape, SLIP.escapedEscape);
    else bytes.push(byte);
  }
  return Buffer.from([...bytes, SLIP.end]);
}
