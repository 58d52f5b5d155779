/**
 * Groups of related genres, and how data sets name the genres in them, as lower-case letters and digits. Several
 * genres of a song are joined by hyphens, so `Hip-Hop` looks like two.
 */
export const GENRE_GROUPS = {
  'rock and pop': ['rock', 'pop', 'metal', 'punk', 'indie'],
  electronic: ['electronic', 'electronica', 'ambient', 'dance', 'techno', 'house'],
  'hip-hop and soul': ['hiphop', 'rap', 'soulrb', 'soul', 'rb', 'funk'],
  classical: ['classical'],
  'jazz and blues': ['jazz', 'blues'],
  'country, folk and world': ['country', 'folk', 'international', 'world', 'latin', 'reggae'],
} as const;

export type GenreGroup = keyof typeof GENRE_GROUPS;

/**
 * The group of a song's genre, such as `Country-Folk-Rock`: the first genre that is named decides. Undefined for songs
 * without genre and for genres in no group.
 */
export function genreGroupOf(genre: string | undefined): GenreGroup | undefined {
  const parts = (genre ?? '')
    .toLowerCase()
    .split(/[-/,;]/)
    .map((part) => part.replace(/[^a-z0-9]/g, ''));
  const [first = '', second = ''] = parts.filter((part) => part !== '');
  const groups = Object.entries(GENRE_GROUPS) as [GenreGroup, readonly string[]][];
  return groups.find(([, names]) => names.includes(first) || names.includes(first + second))?.[0];
}
