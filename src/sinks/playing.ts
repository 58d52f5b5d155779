import type { SinkKind } from './sink-kind.ts';

export interface PlayingContext {
  /** Remembers the titles of streams, to find what plays in the library and what has been played. */
  readonly library: { noteTitle(stream: string, title: string, artist: string | null): void };
}

/** Passes the titles that stations name to the library. */
export const playingSink: SinkKind<PlayingContext> = {
  name: 'playing',
  create: ({ library }) => ({
    name: 'playing',
    write({ message }) {
      if (message.type === 'track') library.noteTitle(message.stream, message.title, message.artist);
    },
  }),
};
