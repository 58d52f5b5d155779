import { untracked } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { outbox } from '../state/saving.ts';
import { targetOf, type Work } from '../state/unsaved.ts';

type OnInput = (event: { readonly currentTarget: { readonly value: string } }) => void;

/** Properties of a text field that is saved when it loses focus, and whose text is kept until then and resent. */
export interface Draft {
  readonly defaultValue: string;
  readonly onInput: OnInput;
  readonly onChange: () => void;
  readonly onBlur: () => void;
}

/**
 * A text field of a session.
 *
 * @param stored its text as the server has it
 * @param work what stores a text; always of the same target
 */
export function useDraft(session: string, stored: string, work: (text: string) => Work): Draft {
  const target = targetOf(work(''));
  const commit = () => outbox.commit(session, target);
  // A field that leaves the page gets no event.
  useEffect(() => commit, [session, target]);
  // What is typed never follows the server: the text of a field changes by typing only.
  const waiting = untracked(() => outbox.find(session, target))?.work;
  return {
    defaultValue: waiting !== undefined && 'text' in waiting ? waiting.text : stored,
    onInput: (event) => outbox.draft(session, work(event.currentTarget.value)),
    onChange: commit,
    onBlur: commit,
  };
}
