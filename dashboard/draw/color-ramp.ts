/** Start, middle and end of a ramp in OKLCH: lightness 0 … 1, chroma, hue in degrees. */
type Lch = readonly [lightness: number, chroma: number, hue: number];
interface RampColors {
  readonly from: Lch;
  readonly middle: Lch;
  readonly to: Lch;
}

/** From the ground of the theme, which is silence, to its opposite. Booth has no blue and little green. */
const RAMPS: Readonly<Record<'light' | 'dark' | 'booth', RampColors>> = {
  light: { from: [0.98, 0.004, 90], middle: [0.62, 0.11, 235], to: [0.26, 0.09, 285] },
  dark: { from: [0.19, 0.012, 265], middle: [0.555, 0.13, 310], to: [0.92, 0.12, 95] },
  booth: { from: [0.11, 0.01, 50], middle: [0.485, 0.13, 32], to: [0.86, 0.13, 75] },
};

export const RAMP_LEVELS = 256;

/**
 * Colors in which equal steps of the value look equally far apart: lightness is linear in OKLab (Ottosson 2020).
 *
 * @returns [RAMP_LEVELS, 4] sRGB and alpha, one byte each
 */
export function colorRamp(theme: keyof typeof RAMPS): Uint8ClampedArray {
  const { from, middle, to } = RAMPS[theme];
  const ends = [from, middle, to].map(labOf);
  const ramp = new Uint8ClampedArray(RAMP_LEVELS * 4);
  for (let i = 0; i < RAMP_LEVELS; i++) {
    const share = i / (RAMP_LEVELS - 1);
    const [start, end] = share < 0.5 ? [ends[0]!, ends[1]!] : [ends[1]!, ends[2]!];
    const part = share < 0.5 ? share * 2 : share * 2 - 1;
    const [, a, b] = start.map((value, k) => value + (end[k]! - value) * part);
    ramp.set([...rgbOf(from[0] + (to[0] - from[0]) * share, a!, b!), 255], i * 4);
  }
  return ramp;
}

const labOf = ([lightness, chroma, hue]: Lch): number[] => [
  lightness,
  chroma * Math.cos((hue * Math.PI) / 180),
  chroma * Math.sin((hue * Math.PI) / 180),
];

/** OKLab to sRGB, 0 … 255; the matrices are those of Ottosson, "A perceptual color space for image processing". */
function rgbOf(lightness: number, a: number, b: number): number[] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((linear) => 255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055));
}
