import PFFFT from '@echogarden/pffft-wasm/simd';

/**
 * A real FFT of one fixed size on SIMD wasm. `input` and `spectrum` are views of wasm memory, reused by
 * every transform of this size: fill one, call `forward`, read the other before anything else runs.
 */
export interface RealFft {
  readonly size: number;
  /** [size] real samples. */
  readonly input: Float32Array;
  /** [size]: re0, re(size/2), re1, im1, re2, im2, … */
  readonly spectrum: Float32Array;
  forward(): void;
}

/** Plans by size. All streams share them, because a transform ends before the next one begins. */
export interface FftPlans {
  plan(size: number): RealFft;
}

/** Whether pffft can transform `size` real samples with SIMD: a multiple of 32 with no factors but 2, 3 and 5. */
export function isFftSize(size: number): boolean {
  if (size % 32 !== 0) return false;
  let rest = size;
  for (const factor of [2, 3, 5]) while (rest % factor === 0) rest /= factor;
  return rest === 1;
}

/** The smallest size of at least `minimum` that pffft can transform. */
export function fftSizeAtLeast(minimum: number): number {
  let size = Math.ceil(minimum / 32) * 32;
  while (!isFftSize(size)) size += 32;
  return size;
}

/** Loads the wasm module once for the whole process. */
export function loadFft(): Promise<FftPlans> {
  loading ??= load();
  return loading;
}

let loading: Promise<FftPlans> | undefined;

async function load(): Promise<FftPlans> {
  const wasm = await PFFFT();
  const plans = new Map<number, RealFft>();
  return {
    plan(size) {
      let plan = plans.get(size);
      if (!plan) {
        plan = createPlan(wasm, size);
        plans.set(size, plan);
      }
      return plan;
    },
  };
}

type Pffft = Awaited<ReturnType<typeof PFFFT>>;
const FORWARD = 0;

function createPlan(wasm: Pffft, size: number): RealFft {
  if (!isFftSize(size))
    throw new RangeError(`FFT size ${size}: a multiple of 32 of factors 2, 3, 5 expected`);
  const setup = wasm._pffft_new_setup(size, 0);
  const inputAt = wasm._pffft_aligned_malloc(size * 4);
  const outputAt = wasm._pffft_aligned_malloc(size * 4);
  const workAt = wasm._pffft_aligned_malloc(size * 4);
  const viewAt = (at: number) => new Float32Array(wasm.HEAPF32.buffer, at, size);
  let input = viewAt(inputAt);
  let spectrum = viewAt(outputAt);
  const refresh = () => {
    // Another plan may have grown the wasm memory since, which detaches older views.
    if (input.buffer === wasm.HEAPF32.buffer) return;
    input = viewAt(inputAt);
    spectrum = viewAt(outputAt);
  };
  return {
    size,
    get input() {
      refresh();
      return input;
    },
    get spectrum() {
      refresh();
      return spectrum;
    },
    forward() {
      wasm._pffft_transform_ordered(setup, inputAt, outputAt, workAt, FORWARD);
    },
  };
}
