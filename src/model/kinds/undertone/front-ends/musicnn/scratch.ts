/**
 * Room that a layer fills again and again: fresh arrays of this size cost more to get and to give back than to
 * fill. What is taken is handed to a tensor and computed with before it is taken again; its contents are old.
 */
export class Scratch {
  #room = new Float32Array(0);

  take(length: number): Float32Array {
    if (this.#room.length < length) this.#room = new Float32Array(length);
    return this.#room.subarray(0, length);
  }
}
