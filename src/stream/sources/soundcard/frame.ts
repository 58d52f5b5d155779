/**
 * What the recorder process and the server say to each other: frames of 12 bytes of header, the payload
 * after it. Samples go as they are in memory, for both ends are the same machine.
 */

export const FRAME_KINDS = { ready: 0, audio: 1, error: 2, devices: 3 } as const;

export interface Frame {
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

/** Puts frames together from a pipe that cuts them anywhere. */
export class FrameReader {
  #bytes: Uint8Array = new Uint8Array(0);

  *push(piece: Uint8Array): Generator<Frame, void, undefined> {
    const joined = new Uint8Array(this.#bytes.length + piece.length);
    joined.set(this.#bytes);
    joined.set(piece, this.#bytes.length);
    let at = 0;
    while (joined.length - at >= HEADER_BYTES) {
      const view = new DataView(joined.buffer, at, HEADER_BYTES);
      const end = at + HEADER_BYTES + view.getUint32(4, true);
      if (joined.length < end) break;
      // A copy begins at offset 0, as a view of floats needs it.
      const payload = joined.slice(at + HEADER_BYTES, end);
      yield { kind: view.getUint32(0, true), lost: view.getUint32(8, true), payload };
      at = end;
    }
    this.#bytes = joined.subarray(at);
  }
}
