import { signal } from '@preact/signals';
import { TRY_HREF } from './view.ts';

/** Audio files that were dropped or chosen and wait for the page that analyzes them. */
export const pendingFiles = signal<readonly File[]>([]);

/** Opens the page that analyzes files with these. */
export function tryFiles(files: readonly File[]): void {
  if (files.length === 0) return;
  pendingFiles.value = files;
  location.hash = TRY_HREF;
}
