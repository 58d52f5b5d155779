import { batch, signal } from '@preact/signals';
import type { EmotionFrame } from '../../src/client/index.ts';
import { STEP_SECONDS } from '../../src/types.ts';
import { client, errorMessage } from './client.ts';
import type { Curve } from './curve.ts';
import { elapsed } from './format.ts';
import { t } from './i18n.ts';
import { codeText } from './refusal.ts';
import { durationOf } from './sound.ts';

/** The analysis of one audio file. */
export type Analysis =
  | { readonly state: 'none' }
  /** The demo is being fetched. */
  | { readonly state: 'fetching' }
  /** `seconds`: analyzed so far, of `total`, which is null where the browser cannot read the file. */
  | {
      readonly state: 'running';
      readonly file: File;
      readonly seconds: number;
      readonly total: number | null;
    }
  | { readonly state: 'failed'; readonly message: string }
  /** `note`: why it is not the whole file. */
  | { readonly state: 'done'; readonly file: File; readonly curve: Curve; readonly note: string | null };

export const analysis = signal<Analysis>({ state: 'none' });

const DEMO_SECONDS = 90;
/** How often the progress is shown. */
const SHOW_MS = 200;

let request: AbortController | null = null;
/** The analysis that ends with what there is. */
let finished: AbortSignal | null = null;

/** Analyzes a file; its frames may arrive faster than it plays. */
export async function analyzeFile(file: File): Promise<void> {
  const { signal: aborted } = restart();
  analysis.value = { state: 'running', file, seconds: 0, total: null };
  void durationOf(file).then((total) => {
    const now = analysis.peek();
    if (now.state === 'running' && now.file === file) analysis.value = { ...now, total };
  });
  const frames: EmotionFrame[] = [];
  let note: string | null = null;
  let shownMs = performance.now();
  try {
    for await (const item of client.analyzeFrames(file, aborted)) {
      if (item.type === 'error') note = codeText(item.code, item.message);
      else frames.push(item);
      if (performance.now() - shownMs < SHOW_MS) continue;
      shownMs = performance.now();
      const now = analysis.peek();
      if (now.state === 'running') analysis.value = { ...now, seconds: frames.at(-1)?.t ?? 0 };
    }
  } catch (error) {
    if (!aborted.aborted) {
      analysis.value = { state: 'failed', message: errorMessage(error) };
      return;
    }
  }
  if (aborted.aborted) {
    if (finished !== aborted) return;
    note = t('try.partial', { position: elapsed(frames.at(-1)?.t ?? 0) });
  }
  analysis.value = { state: 'done', file, curve: curveOf(frames), note };
}

/** Fetches the demo's sound and analyzes it as any file. */
export async function analyzeDemo(): Promise<void> {
  const { signal: aborted } = restart();
  analysis.value = { state: 'fetching' };
  try {
    const blob = await client.inputs.demo(DEMO_SECONDS, aborted);
    if (!aborted.aborted) await analyzeFile(new File([blob], 'demo.wav', { type: 'audio/wav' }));
  } catch (error) {
    if (!aborted.aborted) analysis.value = { state: 'failed', message: errorMessage(error) };
  }
}

/** Shows what has been analyzed so far, and analyzes no more. */
export function finishAnalysis(): void {
  finished = request?.signal ?? null;
  request?.abort();
}

export function cancelAnalysis(): void {
  batch(() => {
    request?.abort();
    analysis.value = { state: 'none' };
  });
}

function restart(): AbortController {
  request?.abort();
  request = new AbortController();
  return request;
}

/** Frames on a clock that begins at midnight, so that the charts' times of day read as the time within the file. */
function curveOf(frames: readonly EmotionFrame[]): Curve {
  const startMs = new Date().setHours(0, 0, 0, 0);
  const rows = frames.map((frame) => ({
    ...frame,
    time: new Date(startMs + frame.t * 1000).toISOString(),
  }));
  return {
    startMs,
    isFile: true,
    endMs: startMs + (frames.at(-1)?.t ?? 0) * 1000,
    stepSeconds: STEP_SECONDS,
    rows,
    times: Float64Array.from(frames, ({ t }) => startMs + t * 1000),
  };
}
