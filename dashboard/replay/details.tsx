import './details.css';
import { type Signal, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Session } from '../../src/client/index.ts';
import { client } from '../live/client.ts';
import { serverUrl } from '../live/server-url.ts';
import { useArmed } from '../sessions/use-armed.ts';
import { EraseDialog } from './erase-dialog.tsx';

export interface DetailsProps {
  readonly session: Signal<Session>;
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
}

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What people write about a session, and what can be taken away of it. */
export function Details({ session, attempt }: DetailsProps) {
  const { id, title, tags, notes, state } = session.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const said = useSignal('');
  const change = (to: Parameters<typeof client.sessions.change>[1]) =>
    attempt(async () => {
      session.value = await client.sessions.change(id, to);
    });
  const link = (path: string, query: Record<string, string>) => {
    const url = serverUrl(`v1/sessions/${id}/${path}`, 'http');
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  };
  const copy = () =>
    attempt(async () => {
      const text = await client.sessions.report(id, { format: 'text', zone: ZONE });
      await navigator.clipboard.writeText(await text.text());
      said.value = 'The text is in the clipboard.';
    });
  const savePdf = () =>
    attempt(async () => {
      said.value = 'The PDF is being made.';
      try {
        save(await client.sessions.report(id, { format: 'pdf', zone: ZONE }), `${id}.pdf`);
      } finally {
        said.value = '';
      }
    });
  return (
    <section class="details" aria-labelledby="details-head">
      <h2 id="details-head">About it</h2>
      <label>
        Title
        <input
          type="text"
          class="text-input"
          maxLength={200}
          defaultValue={title ?? ''}
          onChange={(event) => change({ title: event.currentTarget.value.trim() || null })}
        />
      </label>
      <label>
        Tags, with commas
        <input
          type="text"
          class="text-input"
          defaultValue={tags.join(', ')}
          onChange={(event) => change({ tags: tagsOf(event.currentTarget.value) })}
        />
      </label>
      <label>
        Notes
        <textarea
          class="text-input"
          rows={4}
          maxLength={20_000}
          defaultValue={notes}
          onChange={(event) => change({ notes: event.currentTarget.value })}
        />
      </label>
      <div class="details-actions">
        <a class="button" href={link('report', { zone: ZONE })} target="_blank" rel="noopener">
          Report
        </a>
        <button type="button" class="button" onClick={savePdf}>
          PDF
        </button>
        <button type="button" class="button" onClick={copy}>
          Copy as text
        </button>
        <a class="button" href={link('emotions', { format: 'csv' })} download={`${id}.csv`}>
          CSV
        </a>
        {state === 'open' && (
          <StopButton
            onStop={() =>
              attempt(async () => {
                session.value = await client.sessions.stop(id);
              })
            }
          />
        )}
        <button type="button" class="button details-erase" onClick={() => dialog.current?.showModal()}>
          Erase…
        </button>
      </div>
      <p class="details-said" role="status">
        {said.value}
      </p>
      <EraseDialog dialog={dialog} id={id} attempt={attempt} />
    </section>
  );
}

/** Asks as the live page does: what has stopped does not go on. */
function StopButton({ onStop }: { onStop: () => void }) {
  const stop = useArmed(onStop);
  return (
    <button
      type="button"
      class="button details-stop"
      data-armed={stop.armed}
      onClick={stop.press}
      aria-label={stop.armed ? 'Stop the session now' : 'Stop session'}
    >
      {stop.armed ? 'Stop now?' : 'Stop session'}
    </button>
  );
}

function tagsOf(text: string): string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
