import type { Part } from '../datasets/split.ts';

export type Kind = 'speech' | 'music';

/** Recordings of one voice or one collection of music. All of them are in one part, so that evaluation is on unseen ones. */
export interface CatalogEntry {
  readonly name: string;
  readonly kind: Kind;
  readonly part: Part;
  /** Below the folder that scripts/activity-data.sh fills. */
  readonly folder: string;
  /** Selects files by their paths below the data folder; absent: all recordings. */
  readonly only?: RegExp;
}

const TELEPHONE = (language: string) => `asterisk-core-sounds-${language}-wav/usr/share/asterisk/sounds`;
/** Excludes the folders of silence, beeps and hold tones. */
const PROMPTS = /^(?!.*(\/silence\/|beep|tone|ring)).*\.wav$/i;
const STAMPS = 'tuxpaint-stamps-default/usr/share/tuxpaint/stamps';
const KTUBERLING = 'ktuberling-data/usr/share/ktuberling/sounds';
const HEDGEWARS = 'hedgewars-data/usr/share/games/hedgewars/Data';
const WORDS = (language: string) => new RegExp(`_desc_${language}\\.(ogg|wav)$`);

/**
 * The sources of each part: `train` for the weights, `validation` for early stopping and the decision rule, `held-out`
 * for the report only. The same actress speaks the English and the Spanish prompts, so both are in `train`.
 */
export const CATALOG: readonly CatalogEntry[] = [
  speech('telephone-en', 'train', TELEPHONE('en'), PROMPTS),
  speech('telephone-es', 'train', TELEPHONE('es'), PROMPTS),
  speech('dialogues-cs', 'train', 'fillets-ng-data-cs/usr/share/games/fillets-ng/sound'),
  speech('words-fr', 'train', STAMPS, WORDS('fr')),
  speech('words-ca', 'train', STAMPS, WORDS('ca')),
  speech('words-bg', 'train', STAMPS, WORDS('bg')),
  speech('words-el', 'train', STAMPS, WORDS('el')),
  speech('words-da', 'train', `${KTUBERLING}/da`),
  speech('words-lt', 'train', `${KTUBERLING}/lt`),
  // Most of the singer's lines are sung.
  speech('characters', 'train', `${HEDGEWARS}/Sounds/voices`, /^(?!.*\/Singer\/).*\.ogg$/),
  speech('synthetic-rms', 'train', 'synthetic/flite-rms'),
  speech('synthetic-slt', 'train', 'synthetic/flite-slt'),
  speech('synthetic-espeak-en', 'train', 'synthetic/espeak-en'),

  speech('telephone-fr', 'validation', TELEPHONE('fr'), PROMPTS),
  speech('words-ro', 'validation', STAMPS, WORDS('ro')),
  speech('words-uk', 'validation', `${KTUBERLING}/uk`),
  speech('synthetic-espeak-us', 'validation', 'synthetic/espeak-us'),

  speech('telephone-it', 'held-out', TELEPHONE('it'), PROMPTS),
  speech('telephone-ru', 'held-out', TELEPHONE('ru'), PROMPTS),
  speech('dialogues-nl', 'held-out', 'fillets-ng-data-nl/usr/share/games/fillets-ng/sound'),
  speech('reading-en', 'held-out', 'pocketsphinx-testdata/usr/share/pocketsphinx/test/data/librivox'),
  speech('words-ru', 'held-out', STAMPS, WORDS('ru')),
  speech('words-be', 'held-out', STAMPS, WORDS('be')),
  speech('words-es', 'held-out', STAMPS, WORDS('es')),
  speech('syllables', 'held-out', 'klettres-data/usr/share/klettres'),
  speech('synthetic-awb', 'held-out', 'synthetic/flite-awb'),
  speech('codec-speech', 'held-out', 'codec/speech'),

  music('wesnoth', 'train', 'wesnoth-1.16-music/usr/share/games/wesnoth/1.16/data/core/music'),
  music('hedgewars', 'train', `${HEDGEWARS}/Music`),
  music('fretsonfire-sectoid', 'validation', 'fretsonfire-songs-sectoid', /song\.ogg$/),
  music('fretsonfire-muldjord', 'held-out', 'fretsonfire-songs-muldjord', /song\.ogg$/),
  music('warzone', 'held-out', 'warzone2100-music/usr/share/games/warzone2100/music'),
  music('fillets', 'held-out', 'fillets-ng-data/usr/share/games/fillets-ng/music'),
  music('telephone-hold', 'held-out', 'asterisk-moh-opsound-wav/usr/share/asterisk/moh'),
  music('codec-music', 'held-out', 'codec/music'),
];

function speech(name: string, part: Part, folder: string, only?: RegExp): CatalogEntry {
  return { name, kind: 'speech', part, folder, ...(only && { only }) };
}

function music(name: string, part: Part, folder: string, only?: RegExp): CatalogEntry {
  return { name, kind: 'music', part, folder, ...(only && { only }) };
}
