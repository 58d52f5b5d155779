declare module '@echogarden/pffft-wasm/simd' {
  interface PffftModule {
    readonly HEAPF32: Float32Array;
    _pffft_new_setup(size: number, complex: 0 | 1): number;
    _pffft_aligned_malloc(bytes: number): number;
    _pffft_transform_ordered(
      setup: number,
      input: number,
      output: number,
      work: number,
      direction: 0 | 1,
    ): void;
  }
  const load: () => Promise<PffftModule>;
  // biome-ignore lint/style/noDefaultExport: this is how the package exports it
  export default load;
}
