import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { hostname } from 'node:os';
import { BadSink, integerParam } from '../sink-uri.ts';
import { DMX_KIND, dmxConnection, dmxOptions } from './dmx.ts';
import { parseHostPort } from './host.ts';
import type { StreamSinkKind } from './stream-sink-kind.ts';
import { connectUdp } from './udp.ts';

const PORT = 5568;
/** Places in a data packet of ANSI E1.31-2018, table 4-1. */
const AT = { priority: 108, sequence: 111, options: 112, levels: 126 };
const STREAM_TERMINATED = 0x40;

/** Lights over Streaming ACN (ANSI E1.31): multicast, or unicast to one receiver. */
export const sacnSink: StreamSinkKind = {
  ...DMX_KIND,
  schemes: ['sacn'],
  usage: 'sacn:[HOST[:PORT]]',
  about: 'lights over Streaming ACN (E1.31): DMX channels, multicast without HOST',
  example: 'sacn:?universe=1&value=arousal&as=7&to=30..255',
  params: ['universe', 'priority', 'interface', 'fade'],
  create(target) {
    const { fadeMs } = dmxOptions(target);
    const universe = integerParam(target, 'universe', { min: 1, max: 63_999, default: 1 });
    const priority = integerParam(target, 'priority', { min: 0, max: 200, default: 100 });
    const local = target.params.get('interface');
    if (local !== undefined && !isIPv4(local))
      throw new BadSink('expected interface to be an address of this computer such as "192.168.1.5"');
    const group = `239.255.${universe >> 8}.${universe & 255}`;
    const to = target.path === '' ? { host: group, port: PORT } : parseHostPort(target.path, PORT);
    return {
      host: to.host,
      async open({ guard }) {
        const { Packet } = await import('sacn');
        const udp = await connectUdp(to, { guard, multicastFrom: local });
        // A sender's id must not change.
        const cid = createHash('sha256').update(`undertone ${hostname()} ${to.host} ${universe}`).digest();
        const { buffer } = new Packet({
          universe,
          sequence: 0,
          payload: {},
          sourceName: 'undertone',
          cid: cid.subarray(0, 16),
        });
        buffer[AT.priority] = priority;
        let sequence = 0;
        const packet = (levels: Uint8Array) => {
          buffer[AT.sequence] = sequence++ & 255;
          buffer.set(levels, AT.levels);
          return Buffer.from(buffer); // The socket may still send the last one.
        };
        const last = (levels: Uint8Array) => {
          buffer[AT.options] = STREAM_TERMINATED;
          return [packet(levels), packet(levels), packet(levels)]; // Three of them: E1.31, 6.2.6.
        };
        return dmxConnection({ udp, fadeMs, packet, last });
      },
    };
  },
};
