/** A key: pitch class of the tonic (C = 0) and mode. */
export interface MusicalKey {
  readonly tonic: number;
  readonly mode: 'major' | 'minor';
}

/** Names as Rekordbox, Traktor and Mixxx write them. */
const MAJOR = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'Gb', 'G', 'Ab', 'A', 'Bb', 'B'] as const;
const MINOR = ['C', 'C#', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'G#', 'A', 'Bb', 'B'] as const;
const LETTERS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11, H: 11 };

/** Steps on the circle of fifths from C: C 0, G 1, D 2, …; a minor key has the place of its relative major. */
function fifths({ tonic, mode }: MusicalKey): number {
  return ((mode === 'major' ? tonic : tonic + 3) * 7) % 12;
}

/** `Am`, `F#m`, `Db`. */
export function keyName({ tonic, mode }: MusicalKey): string {
  return mode === 'major' ? MAJOR[tonic]! : `${MINOR[tonic]!}m`;
}

/** The place on the Camelot wheel, where C is 8B and A minor is 8A: `1A` … `12B`. */
export function camelot(key: MusicalKey): string {
  return `${((fifths(key) + 7) % 12) + 1}${key.mode === 'major' ? 'B' : 'A'}`;
}

/**
 * Steps between two keys on the Camelot wheel: 0 the same key, 1 a neighbor (a fifth up or down, or the relative key),
 * 2 … 7 further away. Neighbors share all notes but one at most.
 */
export function camelotSteps(a: MusicalKey, b: MusicalKey): number {
  const around = Math.abs(fifths(a) - fifths(b));
  return Math.min(around, 12 - around) + (a.mode === b.mode ? 0 : 1);
}

/**
 * Reads a key in the notations of tags: `Am`, `A minor`, `Amin`, `F#`, `G♭ major`, Camelot `8A`, Open Key `1m` or `6d`.
 * Undefined for anything else, such as `o` (off key) or an empty tag.
 */
export function parseKey(text: string): MusicalKey | undefined {
  const clean = text.trim().replaceAll('♯', '#').replaceAll('♭', 'b');
  return parseWheel(clean) ?? parseName(clean);
}

function parseWheel(text: string): MusicalKey | undefined {
  const match = /^(0?[1-9]|1[0-2])\s*([ABabmd])$/.exec(text);
  if (!match) return undefined;
  const letter = match[2]!;
  const openKey = letter === 'm' || letter === 'd';
  // Open Key counts from C = 1d, the Camelot wheel from C = 8B.
  const place = (Number(match[1]) - (openKey ? 1 : 8) + 12) % 12;
  const major = (place * 7) % 12;
  const isMajor = letter === 'd' || letter.toUpperCase() === 'B';
  return isMajor ? { tonic: major, mode: 'major' } : { tonic: (major + 9) % 12, mode: 'minor' };
}

function parseName(text: string): MusicalKey | undefined {
  const match = /^([A-Ha-h])\s*(#|b|sharp|flat)?\s*(major|maj|dur|minor|min|moll|m|M)?$/.exec(text);
  if (!match) return undefined;
  const [, letter, accidental = '', word = ''] = match;
  const shift = accidental.startsWith('#') || accidental === 'sharp' ? 1 : accidental === '' ? 0 : -1;
  const tonic = (LETTERS[letter!.toUpperCase()]! + shift + 12) % 12;
  const minor = word === 'm' || word.startsWith('min') || word === 'moll';
  return { tonic, mode: minor ? 'minor' : 'major' };
}
