import { useSignal } from '@preact/signals';
import { client } from '../state/client.ts';
import { t } from '../state/i18n.ts';
import { outbox } from '../state/saving.ts';
import { SESSIONS_HREF } from '../state/view.ts';

export interface EraseDialogProps {
  readonly dialog: { readonly current: HTMLDialogElement | null };
  readonly id: string;
  /** Runs a request and shows its error. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
}

/** Asks before a session is erased, and whether its emotion frames are erased too. */
export function EraseDialog({ dialog, id, attempt }: EraseDialogProps) {
  const frames = useSignal(false);
  const close = () => dialog.current?.close();
  const erase = () =>
    attempt(async () => {
      close();
      await client.sessions.erase(id, { frames: frames.peek() });
      outbox.drop(id);
      location.hash = SESSIONS_HREF;
    });
  return (
    <dialog ref={dialog} class="erase-dialog" aria-labelledby="erase-head">
      <h2 id="erase-head">{t('erase.title', { id })}</h2>
      <p>{t('erase.text')}</p>
      <label class="erase-frames">
        <input
          type="checkbox"
          checked={frames.value}
          onChange={(event) => {
            frames.value = event.currentTarget.checked;
          }}
        />
        {t('erase.frames')}
      </label>
      <div class="details-actions">
        {/* First, so that it has the focus: Enter erases nothing. */}
        <button type="button" class="button" onClick={close}>
          {t('action.cancel')}
        </button>
        <button type="button" class="button details-erase" onClick={erase}>
          {t('marker.erase')}
        </button>
      </div>
    </dialog>
  );
}
