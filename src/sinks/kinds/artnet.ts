import { integerParam } from '../sink-uri.ts';
import { DMX_CHANNELS, DMX_KIND, dmxConnection, dmxOptions } from './dmx.ts';
import { parseHostPort } from './host.ts';
import type { StreamSinkKind } from './stream-sink-kind.ts';
import { connectUdp } from './udp.ts';

const PORT = 6454;
const HEADER_BYTES = 18;
const OP_DMX = 0x5000;
const VERSION = 14;

/** Lights over Art-Net: ArtDmx packets to one node, or to the broadcast address of a network. */
export const artnetSink: StreamSinkKind = {
  ...DMX_KIND,
  schemes: ['artnet'],
  usage: 'artnet:HOST[:PORT]',
  about: 'lights over Art-Net: DMX channels, to a node or a broadcast address',
  example: 'artnet:192.168.1.50?universe=0&value=valence&as=1',
  params: ['universe', 'fade'],
  create(target) {
    const { fadeMs } = dmxOptions(target);
    const universe = integerParam(target, 'universe', { min: 0, max: 32_767, default: 0 });
    const to = parseHostPort(target.path, PORT);
    return {
      host: to.host,
      async open({ guard }) {
        const udp = await connectUdp(to, { guard, broadcast: true });
        let sequence = 0;
        const packet = (levels: Uint8Array) => {
          sequence = (sequence % 255) + 1; // 0 would mean that packets are not numbered.
          return artDmx(universe, sequence, levels);
        };
        return dmxConnection({ udp, fadeMs, packet });
      },
    };
  },
};

/** An ArtDmx packet. Art-Net 4, artisticlicence.com/WebSiteMaster/User%20Guides/art-net.pdf, "ArtDmx" */
function artDmx(universe: number, sequence: number, levels: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + DMX_CHANNELS);
  bytes.write('Art-Net\0', 'latin1');
  bytes.writeUInt16LE(OP_DMX, 8);
  bytes.writeUInt16BE(VERSION, 10);
  bytes[12] = sequence;
  bytes.writeUInt16LE(universe, 14); // SubUni, then Net.
  bytes.writeUInt16BE(DMX_CHANNELS, 16);
  bytes.set(levels, HEADER_BYTES);
  return bytes;
}
