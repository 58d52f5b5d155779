import type { SessionChange } from '../../src/client/index.ts';
import { tagsOf } from './tags.ts';

/** Text of a session that is edited in a field of its own. */
export type SessionField = 'title' | 'tags' | 'notes' | 'recordNumber';

/** A marker: its id, or a name of this page's own while the server has not stored it. */
export type MarkerRef = number | string;

/** Something typed or pressed on this page that the server has yet to store. */
export type Work =
  | { readonly kind: 'field'; readonly field: SessionField; readonly text: string }
  | {
      readonly kind: 'marker';
      readonly ref: string;
      /** The server's clock when it was set, in ms since 1970; null if it was not known. */
      readonly timeMs: number | null;
      /** The same by this computer's clock. */
      readonly pressedMs: number;
      readonly note: string;
    }
  | { readonly kind: 'note'; readonly marker: MarkerRef; readonly text: string }
  | { readonly kind: 'addendum'; readonly name: string; readonly text: string };

/** `draft`: still being typed. `refused`: the server does not accept it as it is. */
export type UnsavedState = 'draft' | 'queued' | 'refused';

/** One piece of work of a session; never changed, only replaced. */
export interface Unsaved {
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
      return 'addendum';
  }
}

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
