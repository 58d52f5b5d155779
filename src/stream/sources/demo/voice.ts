/**
 * Something that sounds: adds `frames` samples to `left` and `right` from index `from` on, going on
 * from where it was. False once it has died away.
 */
export interface Voice {
  render(left: Float32Array, right: Float32Array, from: number, frames: number): boolean;
}
