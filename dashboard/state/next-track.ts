/** A track that could follow what a stream plays. */
export interface NextTrack {
  readonly title: string;
  /** Why, in short phrases. */
  readonly reasons: readonly string[];
}

/** Reads the list under any of its usual names: servers of other versions differ. */
export function parseNextTracks(body: unknown): NextTrack[] {
  const { tracks, next, candidates } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const list = [tracks, next, candidates].find(Array.isArray) ?? [];
  return list.flatMap((one: unknown) => {
    const { title, artist, name, file, path, reasons, reason } = (one ?? {}) as Readonly<
      Record<string, unknown>
    >;
    const named = [title, name, file, path].find((text) => typeof text === 'string' && text !== '');
    if (named === undefined) return [];
    const text = String(named).split(/[/\\]/).at(-1)!;
    const why = Array.isArray(reasons) ? reasons : reason === undefined ? [] : [reason];
    return [
      {
        title: typeof artist === 'string' && artist !== '' ? `${artist} – ${text}` : text,
        reasons: why.filter((part) => typeof part === 'string'),
      },
    ];
  });
}
