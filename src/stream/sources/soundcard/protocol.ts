import { concatBytes } from '../../../util/bytes.ts';

/**
 * The protocol between the recorder process and its parent: frames with a header of 12 bytes (kind, payload length,
 * lost samples; uint32, little-endian), then the payload. Samples are sent as they are in memory, because both ends
 * run on the same machine.
 */
export const FRAME_KINDS = { ready: 0, audio: 1, error: 2, devices: 3 } as const;

export interface Frame {
  /** One of `FRAME_KINDS`. */
  readonly kind: number;
  /** Samples per channel lost just before an audio frame. */
  readonly lost: number;
  readonly payload: Uint8Array;
}

const HEADER_BYTES = 12;

export function encodeFrame(kind: number, payload: Uint8Array, lost = 0): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, kind, true);
  view.setUint32(4, payload.length, true);
  view.setUint32(8, lost, true);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** A frame with a JSON payload. */
export function encodeJson(kind: number, value: unknown): Uint8Array {
  return encodeFrame(kind, new TextEncoder().encode(JSON.stringify(value)));
}

export function parsePayload<T>(frame: Frame): T {
  return JSON.parse(new TextDecoder().decode(frame.payload)) as T;
}

/** Assembles frames from a pipe, whose chunks may split them anywhere. */
export class FrameReader {
  #bytes: Uint8Array = new Uint8Array(0);

  *push(piece: Uint8Array): Generator<Frame, void, undefined> {
    const joined = concatBytes(this.#bytes, piece);
    let at = 0;
    while (joined.length - at >= HEADER_BYTES) {
      const view = new DataView(joined.buffer, at, HEADER_BYTES);
      const end = at + HEADER_BYTES + view.getUint32(4, true);
      if (joined.length < end) break;
      // A copy starts at offset 0, which a view of floats needs.
      const payload = joined.slice(at + HEADER_BYTES, end);
      yield { kind: view.getUint32(0, true), lost: view.getUint32(8, true), payload };
      at = end;
    }
    this.#bytes = joined.subarray(at);
  }
}
