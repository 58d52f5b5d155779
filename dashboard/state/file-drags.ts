import { signal } from '@preact/signals';
import { tryFiles } from './pending-files.ts';

/** Whether a file is dragged over the page. */
export const fileDragged = signal(false);

/** Takes files that are dropped anywhere on the page: the browser would leave the page and open them. */
export function acceptFileDrops(): void {
  const over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    fileDragged.value = true;
  };
  addEventListener('dragenter', over);
  addEventListener('dragover', over);
  addEventListener('dragleave', ({ relatedTarget }) => {
    // Without a target, the pointer left the window.
    if (relatedTarget === null) fileDragged.value = false;
  });
  addEventListener('drop', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    fileDragged.value = false;
    tryFiles([...event.dataTransfer.files]);
  });
}
