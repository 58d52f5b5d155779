import { effect, signal } from '@preact/signals';
import { type Cue, type Cues, cueName, parseCues } from './cue.ts';

const KEY = 'undertone.cues';
export const MAX_CUES = 4;

/** The cues of all streams, kept in the browser. */
export const cues = signal<Cues>(stored());

effect(() => {
  try {
    localStorage.setItem(KEY, JSON.stringify(cues.value));
  } catch {
    // Storage is blocked: the cues are lost on reload.
  }
});

export function addCue(stream: string, cue: Cue): void {
  const known = cues.value[stream] ?? [];
  if (known.length >= MAX_CUES || known.some((one) => cueName(one) === cueName(cue))) return;
  cues.value = { ...cues.value, [stream]: [...known, cue] };
}

export function removeCue(stream: string, cue: Cue): void {
  cues.value = { ...cues.value, [stream]: (cues.value[stream] ?? []).filter((one) => one !== cue) };
}

function stored(): Cues {
  try {
    return parseCues(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
  } catch {
    return {};
  }
}
