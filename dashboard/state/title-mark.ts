/** The beginning of a title, or of a segment that was detected (null). */
export interface TitleMark {
  /** Seconds since 1970. */
  readonly x: number;
  readonly title: string | null;
}

/** A track's title, after its artist if one is known. */
export const titleName = (title: string, artist: string | null): string =>
  artist === null || artist === '' ? title : `${artist} – ${title}`;
