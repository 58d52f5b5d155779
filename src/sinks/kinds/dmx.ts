import { parseDuration } from '../../util/duration.ts';
import type { ValueOptions } from '../mapping/mapping.ts';
import { faultOf, type SinkFault } from '../sink-fault.ts';
import { BadSink } from '../sink-uri.ts';
import { checkNumbers } from './numbers.ts';
import type { SinkConnection, SinkTarget, StreamSinkKind } from './stream-sink-kind.ts';
import type { UdpConnection } from './udp.ts';

export const DMX_CHANNELS = 512;

/** Levels are sent this often while they change: 40 Hz, about the rate of DMX512 itself. */
const FADE_TICK_MS = 25;
/** Otherwise they are repeated: E1.31 asks for 800 to 1000 ms, and receivers give up after 2.5 s. */
const KEEP_ALIVE_MS = 800;
const MAX_FADE_MS = 60_000;

/** What all kinds of sinks for lights have in common: channels of 0 to 255, one universe per sink. */
export const DMX_KIND = {
  remote: true,
  live: true,
  maxQueued: 16,
  wholeFrames: false,
  to: [0, 255],
  defaults: [
    { value: 'valence', as: '1' },
    { value: 'arousal', as: '2' },
    { value: 'loudness', as: '3' },
  ],
} as const satisfies Partial<StreamSinkKind>;

/** Checks the channels of a sink's values, and reads its option `fade`, in ms. @throws BadSink */
export function dmxOptions({ values = [], params }: SinkTarget): { readonly fadeMs: number } {
  checkNumbers(values);
  for (const { as, to = [0, 0], edge } of values as readonly ValueOptions[]) {
    if (!/^\d{1,3}$/.test(as ?? '') || Number(as) < 1 || Number(as) > DMX_CHANNELS)
      throw new BadSink('expected a channel from 1 to 512 as "as" of each value');
    if (to.some((level) => level < 0 || level > 255))
      throw new BadSink('expected levels from 0 to 255 as "to"');
    if (edge !== undefined && edge !== 'both') throw new BadSink('expected no "edge": a light is on or off');
  }
  const fadeMs = parseDuration(params.get('fade') ?? '500ms');
  if (fadeMs === undefined || fadeMs > MAX_FADE_MS)
    throw new BadSink('expected fade to be a time such as "500ms", at most 60s');
  return { fadeMs };
}

export interface DmxOptions {
  readonly udp: UdpConnection;
  readonly fadeMs: number;
  /** The packet for the levels of channels 1 to 512. */
  readonly packet: (levels: Uint8Array) => Uint8Array;
  /** Packets after which receivers expect no more. */
  readonly last?: (levels: Uint8Array) => readonly Uint8Array[];
}

/**
 * Sends the levels of a universe: at once when a value changes, 40 times a second while they fade, else every 0.8 s.
 * Steps come twice a second, so each number fades to the next one; switches change at once. A channel keeps its level
 * while a stream has no such value.
 */
export function dmxConnection({ udp, fadeMs, packet, last }: DmxOptions): SinkConnection {
  const levels = new Uint8Array(DMX_CHANNELS); // [channel - 1]
  const fades = new Map<number, Fade>();
  let timer: NodeJS.Timeout | undefined;
  let fail: (fault: SinkFault) => void;
  const failed = new Promise<SinkFault>((resolve) => (fail = resolve));

  return {
    lost: Promise.race([udp.lost, failed]),
    async send([{ values }]) {
      const now = performance.now();
      for (const { as, value, kind } of values) {
        if (typeof value !== 'number') continue;
        const at = Number(as) - 1;
        const isFading = kind === 'value' && fadeMs > 0 && timer !== undefined;
        fades.set(at, { from: levels[at]!, to: value, startMs: now, ms: isFading ? fadeMs : 0 });
      }
      await tick();
      return undefined;
    },
    async close() {
      clearTimeout(timer);
      for (const bytes of last?.(levels) ?? []) await udp.send(bytes).catch(() => {});
      udp.socket.close();
    },
  };

  /** Sends the levels of now, and plans the next time. */
  async function tick(): Promise<void> {
    clearTimeout(timer);
    const now = performance.now();
    for (const [at, fade] of fades) {
      const share = fade.ms === 0 ? 1 : Math.min(1, (now - fade.startMs) / fade.ms);
      levels[at] = Math.round(fade.from + share * (fade.to - fade.from));
      if (share === 1) fades.delete(at);
    }
    const next = fades.size > 0 ? FADE_TICK_MS : KEEP_ALIVE_MS;
    timer = setTimeout(() => void tick().catch((error) => fail(faultOf(error))), next).unref();
    await udp.send(packet(levels));
  }
}

interface Fade {
  readonly from: number;
  readonly to: number;
  readonly startMs: number;
  readonly ms: number;
}
