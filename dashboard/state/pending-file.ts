import { signal } from '@preact/signals';
import { TRY_HREF } from './view.ts';

/** An audio file that was dropped or chosen and waits for the page that analyzes it. */
export const pendingFile = signal<File | null>(null);

/** Opens the page that analyzes files with this one. */
export function tryFile(file: File): void {
  pendingFile.value = file;
  location.hash = TRY_HREF;
}
