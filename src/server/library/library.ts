import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type Database from 'libsql';
import type { LibraryTracks, NextTracks } from '../../library/answers.ts';
import { chooseNext } from '../../library/next/choose-next.ts';
import type { Playing } from '../../library/next/fit.ts';
import { openLibrary } from '../../library/store/library-database.ts';
import type { LibraryTrack } from '../../library/store/library-track.ts';
import { TrackStore } from '../../library/store/track-store.ts';
import { summaryOf, trackName } from '../../library/track-summary.ts';
import { filePath } from '../../stream/sources/file.ts';
import { parseSourceUri } from '../../stream/sources/source-uri.ts';
import type { EmotionFrame } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import type { Hub } from '../streams/hub.ts';
import type { LibraryQuery, NextQuery } from './schema.ts';

interface Title {
  readonly title: string;
  readonly artist: string | null;
}

/** So many titles of a stream are not repeated: some hours of music. */
const MAX_TITLES = 100;

interface LibraryOptions {
  /** The file; it may be made while the server runs. */
  readonly file: string;
  readonly hub: Pick<Hub, 'get' | 'folderOf'>;
}

/** The library of the server, read only: `undertone library` changes it, also while the server runs. */
export class Library {
  readonly #options: LibraryOptions;
  /** Of each stream, the titles that its station has named: the last one plays. */
  readonly #titles = new Map<string, Title[]>();
  #db: Database.Database | undefined;
  #cache: { readonly version: number; readonly tracks: readonly LibraryTrack[] } | undefined;

  constructor(options: LibraryOptions) {
    this.#options = options;
  }

  noteTitle(stream: string, title: string, artist: string | null): void {
    const titles = this.#titles.get(stream) ?? [];
    if (titles.length === 0) this.#forgetUnlisted();
    this.#titles.set(stream, [...titles, { title, artist }].slice(-MAX_TITLES));
  }

  /** @throws UserError `no-library`, `library-file` */
  list({ q, mood, limit, offset }: LibraryQuery): LibraryTracks {
    const tracks = this.#tracks();
    if (tracks === undefined) {
      throw new UserError(
        'no-library',
        'This server has no library of music: make one with "undertone library add FOLDER" on its computer.',
      );
    }
    const wanted = q?.toLowerCase();
    const matches = tracks.filter(
      (track) =>
        (mood === undefined || track.mood === mood) &&
        (wanted === undefined ||
          `${trackName(track)} ${track.album ?? ''} ${track.path}`.toLowerCase().includes(wanted)),
    );
    return { total: matches.length, tracks: matches.slice(offset, offset + limit).map(summaryOf) };
  }

  /**
   * What may follow the music of a stream: nothing if there is no library.
   *
   * @throws UserError `unknown-stream`, `no-reading`, `unknown-track`, `bad-target`, `library-file`
   */
  next({ stream, playing, keys, exclude = [], tempo, ...options }: NextQuery): NextTracks {
    const info = this.#options.hub.get(stream);
    if (!info) throw new UserError('unknown-stream', `There is no running stream "${stream}".`);
    const reading = readingOf(info.last, stream);
    const tracks = this.#tracks() ?? [];
    const titles = this.#titles.get(stream) ?? [];
    const track =
      playing === undefined
        ? (trackOfSource(info.source, this.#options.hub.folderOf(stream), tracks) ??
          trackOfTitle(titles.at(-1), tracks))
        : this.#named(playing, tracks);
    const played = titles.flatMap((title) => trackOfTitle(title, tracks)?.id ?? []);
    const candidates = chooseNext({ reading, track }, tracks, {
      ...options,
      tempo: tempo === undefined ? undefined : tempo / 100,
      keys: keys === 'neighbors',
      exclude: [...exclude.map((one) => (/^\d+$/.test(one) ? Number(one) : one)), ...played],
    });
    const { valence, arousal } = reading;
    return { stream, at: { valence, arousal }, candidates };
  }

  close(): void {
    this.#db?.close();
    this.#db = undefined;
    this.#cache = undefined; // Another file may have the same version.
  }

  /** Senders may use any name: a stream that the hub no longer lists loses its titles when another has its first. */
  #forgetUnlisted(): void {
    for (const stream of this.#titles.keys()) if (!this.#options.hub.get(stream)) this.#titles.delete(stream);
  }

  #named(name: string, tracks: readonly LibraryTrack[]): LibraryTrack {
    const track = tracks.find(({ id, path }) => String(id) === name || path === name);
    if (track) return track;
    throw new UserError(
      'unknown-track',
      `There is no track "${name}" in the library: name an id or a path of it.`,
    );
  }

  /** Read again only after another program has changed the library; undefined if there is none. */
  #tracks(): readonly LibraryTrack[] | undefined {
    const { file } = this.#options;
    if (!existsSync(file)) {
      this.close();
      return undefined;
    }
    this.#db ??= openLibrary(file, { readOnly: true });
    const store = new TrackStore(this.#db);
    const { version } = store;
    if (this.#cache?.version !== version) this.#cache = { version, tracks: store.tracks() };
    return this.#cache.tracks;
  }
}

function readingOf(last: EmotionFrame | null, stream: string): Playing['reading'] {
  if (
    last &&
    last.valence !== null &&
    last.arousal !== null &&
    last.valenceSd !== null &&
    last.arousalSd !== null
  ) {
    const { valence, arousal, valenceSd, arousalSd, forecast } = last;
    return { valence, arousal, valenceSd, arousalSd, forecast };
  }
  throw new UserError('no-reading', `"${stream}" plays no music at the moment: ask again when it does.`);
}

/** The track of a stream that plays a file of the library. */
function trackOfSource(
  source: string,
  folder: string | undefined,
  tracks: readonly LibraryTrack[],
): LibraryTrack | undefined {
  if (!/^file:/i.test(source)) return undefined;
  const path = resolve(filePath(parseSourceUri(source), folder));
  return tracks.find((track) => track.path === path);
}

/** The track of that title; of that artist too, where one is named. Stations write them in any case. */
function trackOfTitle(named: Title | undefined, tracks: readonly LibraryTrack[]): LibraryTrack | undefined {
  if (!named || named.title === '') return undefined;
  const isSame = (a: string, b: string | null) => a.toLowerCase() === b?.toLowerCase();
  return tracks.find(
    ({ title, artist }) =>
      isSame(named.title, title) && (named.artist === null || isSame(named.artist, artist)),
  );
}
