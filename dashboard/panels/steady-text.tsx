import './steady-text.css';
import type { ComponentChildren } from 'preact';

export interface SteadyTextProps {
  /** All that it may show, in the language of the page. */
  readonly texts: readonly string[];
  readonly children: ComponentChildren;
}

/** A text that changes in place, with the room of its longest in every language and width: nothing moves around it. */
export function SteadyText({ texts, children }: SteadyTextProps) {
  const longest = texts.reduce((a, b) => (b.length > a.length ? b : a), '');
  return (
    <span class="steady-text" data-longest={longest}>
      <span>{children}</span>
    </span>
  );
}
