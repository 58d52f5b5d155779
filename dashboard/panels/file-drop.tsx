import './file-drop.css';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

export interface FileDropProps {
  readonly onFile: (file: File) => void;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A button that opens the file picker, and takes a file that is dropped on it. */
export function FileDrop({ onFile, children, ...props }: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  const over = useSignal(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file !== undefined) onFile(file);
  };
  return (
    <div class="file-drop">
      <button
        type="button"
        class={`button ${props.class ?? ''}`}
        data-over={over.value}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          over.value = true;
        }}
        onDragLeave={() => {
          over.value = false;
        }}
        onDrop={(event) => {
          event.preventDefault();
          over.value = false;
          take(event.dataTransfer?.files);
        }}
      >
        {children}
      </button>
      <input
        ref={input}
        type="file"
        accept="audio/*,.flac,.opus,.ogg,.m4a,.aiff,.wma,.mp2"
        hidden
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = ''; // The same file may be chosen again.
        }}
      />
    </div>
  );
}
