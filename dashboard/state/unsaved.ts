import type { SessionChange, TargetPoint } from '../../src/client/index.ts';
import { tagsOf } from './tags.ts';

/** Text of a session that is edited in a field of its own. */
export type SessionField = 'title' | 'tags' | 'notes' | 'recordNumber';

/** A marker: its id, or a name of this page's own while the server has not stored it. */
export type MarkerRef = number | string;

/** When something was pressed. */
export interface Press {
  /** The server's clock then, in ms since 1970; null if it was not known. */
  readonly timeMs: number | null;
  /** The same by this computer's clock. */
  readonly pressedMs: number;
}

/** Something typed or pressed on this page that the server has yet to store. */
export type Work =
  | ({
      readonly kind: 'start';
      readonly stream: string;
      readonly title: string;
      readonly tags: readonly string[];
      readonly target: readonly TargetPoint[] | null;
      /** Minutes since it began, at the press. */
      readonly minutesAgo: number;
    } & Press)
  | ({ readonly kind: 'stop' } & Press)
  | { readonly kind: 'field'; readonly field: SessionField; readonly text: string }
  | ({ readonly kind: 'marker'; readonly ref: string; readonly note: string } & Press)
  | { readonly kind: 'note'; readonly marker: MarkerRef; readonly text: string }
  | { readonly kind: 'addendum'; readonly name: string; readonly text: string };

/** `draft`: still being typed. `refused`: the server does not accept it as it is. */
export type UnsavedState = 'draft' | 'queued' | 'refused';

/** One piece of work of a session; never changed, only replaced. */
export interface Unsaved {
  /** Its code, or the name that this page gave it until it has one: `isNew`. */
  readonly session: string;
  readonly work: Work;
  readonly state: UnsavedState;
  /** A request for it has failed or takes long: "not saved yet". */
  readonly late: boolean;
  /** Why it was refused, or what it waits for, in one sentence; null without a reason of the server. */
  readonly reason: string | null;
}

/** What a piece of work changes: the newest of each target is the one to store. */
export function targetOf(work: Work): string {
  switch (work.kind) {
    case 'field':
      return work.field;
    case 'marker':
      return `marker ${work.ref}`;
    case 'note':
      return noteTarget(work.marker);
    case 'addendum':
    case 'start':
    case 'stop':
      return work.kind;
  }
}

/** A press begins or ends a session. */
export const isAction = ({ kind }: Work): boolean => kind === 'start' || kind === 'stop';

const NEW = 'new:';

/** Whether a session was started on this page, and the server has yet to store it. No code has a colon. */
export const isNew = (session: string): boolean => session.startsWith(NEW);

/** A name for a session that starts on this page, which no other page gives; the key of its start. */
export const newSessionName = (): string =>
  NEW +
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export const noteTarget = (marker: MarkerRef): string => `note ${marker}`;

/** The request that stores the text of a field. */
export function changeOf({ field, text }: Extract<Work, { kind: 'field' }>): SessionChange {
  switch (field) {
    case 'title':
      return { title: text.trim() || null };
    case 'recordNumber':
      return { recordNumber: text.trim() || null };
    case 'tags':
      return { tags: tagsOf(text) };
    case 'notes':
      return { notes: text };
  }
}

/** What is kept of it for a reload of the page. */
export const keptOf = ({ session, work, state }: Unsaved) => ({ session, work, state });

/**
 * What a page before this one left unsaved in the same tab, from its JSON. What was still being typed then is complete
 * now, except an addendum: nobody can take it back, so it is only sent by its button.
 */
export function readUnsaved(text: string | null): Unsaved[] {
  try {
    const all = JSON.parse(text ?? '[]') as ReturnType<typeof keptOf>[];
    return all.map(({ session, work, state }) => {
      const isDraft = work.kind === 'addendum' && state === 'draft';
      // An earlier request for the others may have been stored.
      return { session, work, state: isDraft ? 'draft' : 'queued', late: !isDraft, reason: null };
    });
  } catch {
    return [];
  }
}
