import { UserError } from '../../user-error.ts';
import { openAiff } from './aiff.ts';
import { CafDecoder } from './caf.ts';
import { openCodec } from './codec.ts';
import { type Decoder, detectType } from './decoder.ts';
import { FlacDecoder } from './flac.ts';
import { foreignFormat, notAudio } from './foreign.ts';
import { FramedDecoder } from './framed.ts';
import { openMp4 } from './mov-chunks.ts';
import { Mp4Counts } from './mp4-counts.ts';
import { OggDecoder } from './ogg.ts';
import { asfSeconds, matroskaSeconds, type ReadSeconds, StatedSeconds } from './stated-seconds.ts';
import { UnsupportedCodec } from './unreadable.ts';
import { WavDecoder } from './wav.ts';

/** What undertone decodes, for error messages. */
export const KNOWN_FORMATS = 'WAV, MP3, FLAC, Ogg Vorbis, Opus, AAC, M4A, WebM, AIFF, CAF or WMA';

/** Formats that are streams of frames, in a file of their own or in a container. */
const STREAMS: Readonly<Record<string, () => Decoder>> = {
  mp3: () => new FramedDecoder(openPlain),
  aac: () => new FramedDecoder(openPlain),
  flac: () => new FlacDecoder(),
};

/** Formats that have a decoder of their own here, by `detectType`'s name; all others go to `audio-decode`. */
const OWN_DECODERS: Readonly<Record<string, () => Decoder>> = {
  ...STREAMS,
  wav: () => new WavDecoder(openInside),
  aiff: () => openAiff(() => openInside('aiff')),
  caf: () => new CafDecoder(openInside),
  m4a: () => openMp4(openMp4Codec),
  mov: () => openMp4(openMp4Codec),
  // The packages take pages of Ogg, also for FLAC.
  oga: () => new OggDecoder(openPlain),
};

const STATED_SECONDS: Readonly<Record<string, ReadSeconds>> = {
  webm: matroskaSeconds,
  mkv: matroskaSeconds,
  wma: asfSeconds,
};

async function openStated(type: string): Promise<Decoder | undefined> {
  const codec = await openCodec(type);
  const read = STATED_SECONDS[type];
  return codec && read ? new StatedSeconds(codec, read) : codec;
}

const openMp4Codec = async (): Promise<Decoder> => new Mp4Counts(await openInside('m4a'));

/** Opens the decoder of the sound in a container that is read here. */
async function openInside(type: string): Promise<Decoder> {
  return STREAMS[type]?.() ?? openPlain(type);
}

async function openPlain(type: string, channels?: number): Promise<Decoder> {
  const decoder = await openCodec(type, channels);
  if (!decoder) throw new UnsupportedCodec(type.toUpperCase());
  return decoder;
}

/**
 * Opens the decoder of the format that a recording starts with.
 *
 * @param head the first `HEAD_BYTES`, or all of a shorter recording
 * @param name the recording's name, for errors
 * @throws UserError `bad-audio` for a format that cannot be decoded
 */
export async function openDecoder(
  head: Uint8Array,
  name: string,
): Promise<{ readonly type: string; readonly decoder: Decoder }> {
  const foreign = foreignFormat(head);
  if (foreign) {
    throw new UserError(
      'bad-audio',
      `${name} is ${foreign}, which undertone cannot decode: convert it to FLAC or MP3.`,
    );
  }
  const other = notAudio(head);
  if (other) throw new UserError('bad-audio', `${name} is ${other}, not audio: expected ${KNOWN_FORMATS}.`);
  const type = detectType(head);
  const decoder = type && (OWN_DECODERS[type]?.() ?? (await openStated(type)));
  if (type && decoder) return { type, decoder };
  const what = type ? `${type}, which undertone cannot decode` : 'not audio that undertone knows';
  throw new UserError('bad-audio', `${name} is ${what}: expected ${KNOWN_FORMATS}.`);
}
