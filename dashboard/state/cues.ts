import { effect, signal } from '@preact/signals';
import { type Cue, type Cues, cueName, parseCues } from './cue.ts';
import { store, storedJson } from './storage.ts';

const KEY = 'undertone.cues';
export const MAX_CUES = 4;

/** The cues of all streams, kept in the browser. */
export const cues = signal<Cues>(parseCues(storedJson(KEY)));

effect(() => store(KEY, JSON.stringify(cues.value)));

export function addCue(stream: string, cue: Cue): void {
  const known = cues.value[stream] ?? [];
  if (known.length >= MAX_CUES || known.some((one) => cueName(one) === cueName(cue))) return;
  cues.value = { ...cues.value, [stream]: [...known, cue] };
}

export function removeCue(stream: string, cue: Cue): void {
  cues.value = { ...cues.value, [stream]: (cues.value[stream] ?? []).filter((one) => one !== cue) };
}

/** Moves the cues of a stream that was renamed. */
export function moveCues(from: string, to: string): void {
  const { [from]: own, ...others } = cues.peek();
  if (own !== undefined) cues.value = { ...others, [to]: own };
}
