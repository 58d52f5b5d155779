import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface SectionProps {
  readonly title: string;
  readonly hint?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of the set-up with its own heading. */
export function Section({ title, hint, children }: SectionProps) {
  const id = useId();
  return (
    <section class="setup-section" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {hint !== undefined && <p class="setup-hint">{hint}</p>}
      {children}
    </section>
  );
}

/** What went wrong, for everyone; nothing while all is well. */
export function ErrorLine({ text }: { text: string | null }) {
  return (
    <p class="setup-error" role="alert">
      {text}
    </p>
  );
}
