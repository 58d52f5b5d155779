import './file-drop.css';
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { fileDragged } from '../state/file-drags.ts';
import { tryFiles } from '../state/pending-files.ts';

export interface FileDropProps {
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A button that opens the file picker. Files can be dropped on the whole page; while one is dragged, it stands out. */
export function FileDrop({ children, ...props }: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="file-drop">
      <button
        type="button"
        class={`button ${props.class ?? ''}`}
        data-over={fileDragged.value}
        onClick={() => input.current?.click()}
      >
        {children}
      </button>
      <input
        ref={input}
        type="file"
        accept="audio/*,.flac,.opus,.ogg,.m4a,.aiff,.wma,.mp2"
        multiple
        hidden
        onChange={(event) => {
          tryFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = ''; // The same file may be chosen again.
        }}
      />
    </div>
  );
}
