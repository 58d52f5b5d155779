import { useId } from 'preact/hooks';
import { outbox } from '../state/saving.ts';
import type { SessionField } from '../state/unsaved.ts';
import { SavingState } from './saving-state.tsx';
import { useDraft } from './use-draft.ts';

export interface SavedFieldProps {
  readonly session: string;
  readonly field: SessionField;
  readonly label: string;
  /** The text as the server has it. */
  readonly stored: string;
  readonly readOnly: boolean;
  readonly maxLength?: number;
  /** Rows of a text of several lines. */
  readonly rows?: number;
}

/** A text of a session, saved when the field loses focus: its label, whether it is saved, and the field. */
export function SavedField({ session, field, label, stored, readOnly, maxLength, rows }: SavedFieldProps) {
  const id = useId();
  const draft = useDraft(session, stored, (text) => ({ kind: 'field', field, text }));
  const shared = {
    ...draft,
    ...{ id, readOnly, class: 'text-input', 'aria-describedby': `${id}-state` },
    ...(maxLength !== undefined && { maxLength }),
  };
  return (
    <div class="details-field">
      <label for={id}>{label}</label>
      <SavingState session={session} target={field} id={`${id}-state`} withSaved />
      {rows === undefined ? (
        <input type="text" {...shared} />
      ) : (
        <>
          <textarea rows={rows} {...shared} />
          <PaperText {...{ session, field, stored }} />
        </>
      )}
    </div>
  );
}

/** The whole text for paper, on which a field of some rows would be cut. */
function PaperText({ session, field, stored }: Pick<SavedFieldProps, 'session' | 'field' | 'stored'>) {
  const work = outbox.find(session, field)?.work;
  return <p class="details-paper">{work?.kind === 'field' ? work.text : stored}</p>;
}
