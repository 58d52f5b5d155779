import './saving-state.css';
import { useComputed } from '@preact/signals';
import { t } from '../state/i18n.ts';
import { outbox } from '../state/saving.ts';

export interface SavingStateProps {
  readonly session: string;
  readonly target: string;
  /** For `aria-describedby` of its field. */
  readonly id?: string;
  /** Whether "Saved" appears too. */
  readonly withSaved?: boolean;
}

/** Whether what was typed is saved: nothing, "not saved yet", "saved", or why the server does not accept it. */
export function SavingState({ session, target, id, withSaved = false }: SavingStateProps) {
  const one = useComputed(() => outbox.find(session, target)).value;
  const isSaved = useComputed(() => withSaved && outbox.isSaved(session, target)).value;
  const text = one?.late ? (one.reason ?? t('saving.notYet')) : isSaved ? t('session.saved') : '';
  return (
    <span class="saving-state" id={id}>
      {withSaved && <span role="status">{text}</span>}
      {!withSaved && text}
      {one?.state === 'refused' && <span role="alert">{one.reason}</span>}
    </span>
  );
}
