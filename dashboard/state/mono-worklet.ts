/** Globals of an AudioWorklet, which TypeScript's DOM library does not declare. */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** About 40 ms at 48 kHz: few messages, and a small delay compared with the 500 ms step. */
const CHUNK_FRAMES = 2048;

/** Mixes its input to mono 16-bit PCM and posts it in chunks; each chunk's buffer is transferred. */
class MonoProcessor extends AudioWorkletProcessor {
  #chunk = new Int16Array(CHUNK_FRAMES);
  #filled = 0;

  process([channels]: readonly (readonly Float32Array[])[]): boolean {
    const frames = channels?.[0]?.length ?? 0;
    for (let i = 0; i < frames; i++) {
      let sum = 0;
      for (const channel of channels!) sum += channel[i]!;
      const sample = sum / channels!.length;
      this.#chunk[this.#filled++] = Math.round(Math.max(-1, Math.min(1, sample)) * 32767);
      if (this.#filled === CHUNK_FRAMES) this.#post();
    }
    return true;
  }

  #post(): void {
    this.port.postMessage(this.#chunk.buffer, [this.#chunk.buffer]);
    this.#chunk = new Int16Array(CHUNK_FRAMES);
    this.#filled = 0;
  }
}

registerProcessor('undertone-mono', MonoProcessor);
