import type { MelStore } from '../state/mel-store.ts';
import type { StepRing } from '../state/step-ring.ts';
import { firstAfter, type TimeRange } from '../state/steps.ts';
import type { Palette } from './canvas.ts';

export interface SpectrogramOptions {
  readonly range: TimeRange;
  readonly ring: StepRing | null;
  readonly store: MelStore;
  /** [256, 4] sRGB and alpha of each value. */
  readonly ramp: Uint8ClampedArray;
  readonly colors: Palette;
  /** CSS font of the labels, in canvas pixels. */
  readonly font: string;
  /** Room for the labels on the left, in canvas pixels. */
  readonly left: number;
}

/** Labels, as far as they have room. */
const LABELS_HZ = [250, 500, 1_000, 2_000, 4_000];

/** Draws spectrograms into one canvas; its buffers are kept from one drawing to the next. */
export function createSpectrogramPainter() {
  const buffer = document.createElement('canvas');
  let image: ImageData | undefined;

  return function drawSpectrogram(ctx: CanvasRenderingContext2D, options: SpectrogramOptions): void {
    const { store, ramp, colors, left } = options;
    const { width, height } = ctx.canvas;
    const bands = store.hz.length;
    const columns = Math.max(1, width - left);
    ctx.clearRect(0, 0, width, height);
    ctx.fillStyle = colors.lane;
    ctx.fillRect(left, 0, columns, height);
    if (bands === 0) return;
    if (image?.width !== columns || image.height !== bands) {
      buffer.width = columns;
      buffer.height = bands;
      image = new ImageData(columns, bands);
    }
    fill(image, ramp, options);
    buffer.getContext('2d')!.putImageData(image, 0, 0);
    ctx.imageSmoothingEnabled = true;
    ctx.drawImage(buffer, left, 0, columns, height);
    drawLabels(ctx, options);
  };
}

/** One row a band, the highest at the top; transparent where nothing was received. */
function fill(image: ImageData, ramp: Uint8ClampedArray, { range, ring, store }: SpectrogramOptions): void {
  const { width, height: bands } = image;
  image.data.fill(0);
  if (ring === null) return;
  const perSecond = width / (range.to - range.from);
  const px = (x: number) => (x - range.from) * perSecond;
  for (let i = Math.max(0, firstAfter(ring, range.from)); i < ring.length; i++) {
    const end = ring.x(i);
    if (end - ring.stepSeconds > range.to) return;
    const data = store.of(ring, i);
    if (data === undefined) continue;
    const before = i > 0 ? ring.x(i - 1) : Number.NEGATIVE_INFINITY;
    const start = end - before < ring.gapBefore(i) ? before : end - ring.stepSeconds;
    const last = Math.min(width, Math.round(px(end)));
    for (let x = Math.max(0, Math.round(px(start))); x < last; x++) {
      const share = ((x + 0.5) / perSecond + range.from - start) / (end - start);
      const column = Math.max(0, Math.min(store.columns - 1, Math.floor(share * store.columns)));
      for (let band = 0; band < bands; band++) {
        const from = data[column * bands + band]! * 4;
        const to = ((bands - 1 - band) * width + x) * 4;
        for (let k = 0; k < 4; k++) image.data[to + k] = ramp[from + k]!;
      }
    }
  }
}

function drawLabels(
  ctx: CanvasRenderingContext2D,
  { store: { hz }, colors, font, left }: SpectrogramOptions,
): void {
  const { height } = ctx.canvas;
  ctx.font = font;
  ctx.textAlign = 'right';
  ctx.fillStyle = colors.muted;
  ctx.textBaseline = 'top';
  ctx.fillText('Hz', left - 8, 2);
  ctx.textBaseline = 'middle';
  ctx.strokeStyle = colors['line-strong'];
  for (const label of LABELS_HZ) {
    const above = hz.findIndex((one) => one >= label);
    if (above < 1) continue;
    const band = above - 1 + (label - hz[above - 1]!) / (hz[above]! - hz[above - 1]!);
    const y = Math.round(height * (1 - (band + 0.5) / hz.length)) + 0.5;
    ctx.fillText(label < 1_000 ? String(label) : `${label / 1_000}k`, left - 8, y);
    ctx.beginPath();
    ctx.moveTo(left - 5, y);
    ctx.lineTo(left, y);
    ctx.stroke();
  }
}
