import type { MessageKey } from '../../state/i18n.ts';

/** How each kind of source is explained. Kinds without an entry, such as newer ones, get a field for the address. */
export interface SourceHelp {
  readonly title: MessageKey;
  readonly hint: MessageKey;
  /** An address to copy. */
  readonly example: string;
}

export const SOURCE_HELP: Readonly<Record<string, SourceHelp>> = {
  soundcard: { title: 'source.soundcard', hint: 'source.soundcardHint', example: 'soundcard:USB Audio' },
  http: {
    title: 'source.http',
    hint: 'source.httpHint',
    example: 'https://radio.example/live.mp3',
  },
  file: { title: 'source.file', hint: 'source.fileHint', example: 'file:/music/set.flac' },
  demo: { title: 'source.demo', hint: 'source.demoHint', example: 'demo:' },
};
