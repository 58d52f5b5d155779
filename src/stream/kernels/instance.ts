/** A memory from which typed arrays can be taken. It never grows: views stay valid. */
export interface Memory {
  readonly floats: (at: number, length: number) => Float32Array;
  readonly doubles: (at: number, length: number) => Float64Array;
  readonly integers: (at: number, length: number) => Int32Array;
}

/** What is used here of the WebAssembly API, which is not in the types of Node.js. */
interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;
const PAGE_BYTES = 65_536;
/** Compiled modules by their source in Base64. */
const modules = new Map<string, object>();

/**
 * A module's functions with a memory of their own.
 *
 * @param base64 the assembled module
 * @param bytes size of the memory
 */
export function instantiate<Functions>(base64: string, bytes: number): Functions & Memory {
  const module = modules.get(base64) ?? new wasm.Module(Buffer.from(base64, 'base64'));
  modules.set(base64, module);
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const memory = new wasm.Memory({ initial: pages, maximum: pages });
  const { exports } = new wasm.Instance(module, { env: { memory } });
  const { buffer } = memory;
  return {
    ...(exports as Functions),
    floats: (at, length) => new Float32Array(buffer, at, length),
    doubles: (at, length) => new Float64Array(buffer, at, length),
    integers: (at, length) => new Int32Array(buffer, at, length),
  };
}
