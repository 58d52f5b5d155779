import { batch, signal } from '@preact/signals';
import type { EmotionFrame } from '../../src/client/index.ts';
import { STEP_SECONDS } from '../../src/types.ts';
import { client, errorMessage } from './client.ts';
import type { Curve } from './curve.ts';
import { elapsed } from './format.ts';
import { t } from './i18n.ts';
import { codeText } from './refusal.ts';
import { durationOf } from './sound.ts';

/** The result; `note`: why it is not the whole file. */
interface Done {
  readonly state: 'done';
  readonly file: File;
  readonly curve: Curve;
  readonly note: string | null;
}

/** The analysis of one audio file. */
export type Analysis =
  | { readonly state: 'none' }
  /** The demo is being fetched. */
  | { readonly state: 'fetching' }
  /** `seconds`: analyzed so far, of `total`, which is null where the browser cannot read the file. */
  | {
      readonly state: 'running';
      readonly file: File;
      /** So far; they grow. */
      readonly frames: readonly EmotionFrame[];
      readonly seconds: number;
      readonly total: number | null;
    }
  | { readonly state: 'failed'; readonly message: string }
  | Done;

export const analysis = signal<Analysis>({ state: 'none' });
/** The files that were dropped or chosen together: one of them is shown. */
export const chosenFiles = signal<readonly File[]>([]);
/** What is whole is kept, to go back to it. */
const results = new WeakMap<File, Done>();

const DEMO_SECONDS = 90;
/** How often the progress is shown. */
const SHOW_MS = 200;

let request: AbortController | null = null;
/** The analysis that ends with what there is. */
let finished: AbortSignal | null = null;

/** Analyzes the first of several files; the others follow when they are chosen. */
export function analyzeFiles(files: readonly File[]): void {
  chosenFiles.value = files;
  if (files.length > 0) void analyzeFile(files[0]!);
}

/** Analyzes a file; its frames may arrive faster than it plays. */
export async function analyzeFile(file: File): Promise<void> {
  const { signal: aborted } = restart();
  const known = results.get(file);
  if (known !== undefined) {
    analysis.value = known;
    return;
  }
  const frames: EmotionFrame[] = [];
  analysis.value = { state: 'running', file, frames, seconds: 0, total: null };
  const fault = await readFault(file);
  if (aborted.aborted) return;
  if (fault !== null) {
    analysis.value = { state: 'failed', message: t(fault, { file: file.name }) };
    return;
  }
  void durationOf(file).then((total) => {
    const now = analysis.peek();
    if (now.state === 'running' && now.file === file) analysis.value = { ...now, total };
  });
  let note: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const showProgress = () => {
    timer = undefined;
    const now = analysis.peek();
    if (now.state === 'running') analysis.value = { ...now, seconds: frames.at(-1)?.t ?? 0 };
  };
  try {
    for await (const item of client.analyzeFrames(file, aborted)) {
      if (item.type === 'error') note = `${codeText(item.code, item.message)} ${partial(frames)}`;
      else frames.push(item);
      timer ??= setTimeout(showProgress, SHOW_MS);
    }
  } catch (error) {
    if (!aborted.aborted) {
      analysis.value = { state: 'failed', message: errorMessage(error) };
      return;
    }
  } finally {
    clearTimeout(timer);
  }
  if (aborted.aborted) {
    if (finished !== aborted) return;
    note = partial(frames);
  }
  const done: Done = { state: 'done', file, curve: curveOf(frames), note };
  if (note === null) results.set(file, done);
  analysis.value = done;
}

/** Why a file has nothing to send: the request would fail as if the server were gone. */
async function readFault(file: File): Promise<'try.emptyFile' | 'try.unreadable' | null> {
  try {
    return (await file.slice(0, 1).arrayBuffer()).byteLength === 0 ? 'try.emptyFile' : null;
  } catch {
    return 'try.unreadable'; // A folder, or a file that is gone.
  }
}

const partial = (frames: readonly EmotionFrame[]): string =>
  t('try.partial', { position: elapsed(frames.at(-1)?.t ?? 0) });

/** Fetches the demo's sound and analyzes it as any file. */
export async function analyzeDemo(): Promise<void> {
  chosenFiles.value = [];
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
