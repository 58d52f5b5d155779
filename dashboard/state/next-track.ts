import type { NextReason } from '../../src/client/index.ts';
import { nextReasonText } from './next-reason-text.ts';
import { titleName } from './title-mark.ts';

/** What the booth needs of a candidate of `GET /v1/next`. */
export interface NextCandidate {
  readonly path: string;
  readonly title: string | null;
  readonly artist: string | null;
  readonly bpm: number | null;
  readonly camelot: string | null;
  /** Why, in words; the strongest first. */
  readonly reasons: readonly string[];
  /** The same as codes and values. */
  readonly why?: readonly NextReason[];
}

/** A track that could follow what a stream plays. */
export interface NextTrack {
  readonly path: string;
  readonly title: string;
  /** Tempo and key: "124 bpm, 11A"; what is known of them. */
  readonly detail: string;
  readonly reasons: readonly string[];
}

export function nextTrack({ path, title, artist, bpm, camelot, reasons, why }: NextCandidate): NextTrack {
  const name = title ?? path.split(/[/\\]/).at(-1)!;
  const detail = [bpm === null ? null : `${Math.round(bpm)} bpm`, camelot].filter((part) => part !== null);
  const texts = why?.map((one, i) => nextReasonText(one) ?? reasons[i]!) ?? reasons;
  return { path, title: titleName(name, artist), detail: detail.join(', '), reasons: texts };
}
