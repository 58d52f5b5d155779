/** A track's title, after its artist if one is known. */
export const titleName = (title: string, artist: string | null): string =>
  artist === null || artist === '' ? title : `${artist} – ${title}`;
