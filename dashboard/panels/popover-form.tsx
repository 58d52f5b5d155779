import './popover-form.css';
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';

export interface PopoverFormProps {
  /** Text of the button that opens it. */
  readonly button: string;
  /** What the form is for. */
  readonly title: string;
  readonly disabled?: boolean;
  readonly onOpen?: () => void;
  /** Called after the form was closed. */
  readonly onSubmit: () => void;
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button, and the form that it opens over the page. */
export function PopoverForm({ button, title, disabled, onOpen, onSubmit, children }: PopoverFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const close = () => form.current?.hidePopover();
  return (
    <>
      <button type="button" class="button popover-button" popovertarget={id} disabled={disabled}>
        {button}
      </button>
      <form
        id={id}
        ref={form}
        class="popover-form"
        popover="auto"
        aria-label={title}
        onBeforeToggle={(event) => {
          if (event.newState === 'open') onOpen?.();
        }}
        onSubmit={(event) => {
          event.preventDefault();
          close();
          onSubmit();
        }}
      >
        <h3>{title}</h3>
        {children(close)}
      </form>
    </>
  );
}
