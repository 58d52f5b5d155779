/**
 * The audio of a stream that has a block of titles after every `interval` bytes, which some servers send
 * unasked: one byte that says how many times 16 bytes follow.
 */
export async function* withoutTitles(
  bytes: AsyncIterable<Uint8Array>,
  interval: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let audioLeft = interval;
  let titleLeft = 0;
  for await (const piece of bytes) {
    let at = 0;
    while (at < piece.length) {
      if (titleLeft > 0) {
        const skipped = Math.min(titleLeft, piece.length - at);
        titleLeft -= skipped;
        at += skipped;
      } else if (audioLeft > 0) {
        const audio = piece.subarray(at, at + audioLeft);
        audioLeft -= audio.length;
        at += audio.length;
        yield audio;
      } else {
        titleLeft = piece[at++]! * 16;
        audioLeft = interval;
      }
    }
  }
}
