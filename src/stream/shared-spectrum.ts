import type { FftPlans } from './fft.ts';
import { type Grid, GridSpectrum } from './grid-spectrum.ts';

const spectra = new WeakMap<FftPlans, Map<string, WeakRef<GridSpectrum>>>();

/** One per sample rate and grid, shared by all streams while there are any: it is stateless, and its tables take up to 2 MB. */
export function sharedSpectrum(plans: FftPlans, sampleRateHz: number, grid: Grid): GridSpectrum {
  const known = spectra.get(plans) ?? new Map<string, WeakRef<GridSpectrum>>();
  spectra.set(plans, known);
  const { referenceRateHz, windowSeconds, bins, phases, withoutOffset = false } = grid;
  const key = [sampleRateHz, referenceRateHz, windowSeconds, bins, phases, withoutOffset].join();
  const spectrum = known.get(key)?.deref() ?? new GridSpectrum(plans, sampleRateHz, grid);
  known.set(key, new WeakRef(spectrum));
  return spectrum;
}
