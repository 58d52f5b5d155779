import { useSignal } from '@preact/signals';
import { client } from '../live/client.ts';
import { SESSIONS_HREF } from '../state/view.ts';

export interface EraseDialogProps {
  readonly dialog: { readonly current: HTMLDialogElement | null };
  readonly id: string;
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
}

/** Asks before a session is erased, and whether what was recorded of the music goes too. */
export function EraseDialog({ dialog, id, attempt }: EraseDialogProps) {
  const frames = useSignal(false);
  const close = () => dialog.current?.close();
  const erase = () =>
    attempt(async () => {
      close();
      await client.sessions.erase(id, { frames: frames.peek() });
      location.hash = SESSIONS_HREF;
    });
  return (
    <dialog ref={dialog} class="erase-dialog" aria-labelledby="erase-head">
      <h2 id="erase-head">Erase {id}?</h2>
      <p>The session, its markers, tags and notes are erased from the disk. This cannot be undone.</p>
      <label class="erase-frames">
        <input
          type="checkbox"
          checked={frames.value}
          onChange={(event) => {
            frames.value = event.currentTarget.checked;
          }}
        />
        Also erase what the log has of the music in this time
      </label>
      <div class="details-actions">
        {/* First, so that Enter does no harm. */}
        <button type="button" class="button" onClick={close}>
          Keep it
        </button>
        <button type="button" class="button details-erase" onClick={erase}>
          Erase
        </button>
      </div>
    </dialog>
  );
}
