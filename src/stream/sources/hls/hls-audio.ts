import type { AudioChunk, TrackTitle } from '../../../types.ts';
import { UserError } from '../../../user-error.ts';
import { hasText } from '../../../util/bytes.ts';
import { decodeStream } from '../../decode/decode.ts';
import { id3Title } from '../../decode/id3-title.ts';
import { type Box, boxOf, children } from '../../decode/mp4-boxes.ts';
import { id3v2Bytes } from '../../decode/tags.ts';
import { NextTitle } from '../../track-title.ts';
import type { HlsSegment } from './hls-playlist.ts';
import { type HlsList, type HlsOptions, hlsSegments } from './hls-segments.ts';
import { loadSegment } from './load-part.ts';
import { type FragmentReader, openFragments } from './mp4-fragments.ts';
import { isTransportStream, NoAudioStream, type SegmentPart, TransportStream } from './transport-stream.ts';

/** Segments that cannot be loaded, in a row, after which a broadcast is lost. */
const MAX_FAILURES = 3;

interface Loaded {
  /** Same number: the bytes continue those of the segment before. */
  readonly run: number;
  readonly parts: readonly SegmentPart[];
}

/**
 * The audio of an HLS stream: MPEG transport stream or MP4 with AAC or MP3, or plain AAC or MP3. The segments are decoded
 * as one stream, and anew after each discontinuity.
 *
 * @throws UserError those of `hlsSegments` and `decodeStream`; of a recording also those of its segments
 */
export async function* hlsAudio(
  list: HlsList,
  options: HlsOptions,
): AsyncGenerator<AudioChunk, void, undefined> {
  const { name, signal } = options;
  const segments = loadedSegments(list, options);
  try {
    for (let next = await segments.next(); !next.done; ) {
      const { run } = next.value;
      const titles = new NextTitle();
      const bytes = async function* () {
        for (; !next.done && next.value.run === run; next = await segments.next()) {
          for (const part of next.value.parts) {
            titles.set(part.track);
            if (part.bytes.length > 0) yield part.bytes;
          }
        }
      };
      for await (const chunk of decodeStream(bytes(), { signal, name })) yield titles.addTo(chunk);
      if (signal.aborted) return;
    }
  } finally {
    await segments.return();
  }
}

async function* loadedSegments(list: HlsList, options: HlsOptions): AsyncGenerator<Loaded, void, undefined> {
  const { name, signal } = options;
  const loader = new SegmentLoader(options);
  let [run, failures] = [0, 0];
  let last: { readonly run: number; readonly form: string } | undefined;
  let transport = new TransportStream();
  for await (const segment of hlsSegments(list, options)) {
    if (segment.discontinuity || segment.missing) run++;
    if (segment.missing) continue;
    try {
      const { bytes, init, fragments } = await loader.load(segment);
      const form = isTransportStream(bytes) ? 'ts' : init ? JSON.stringify(segment.init) : 'plain';
      if (last && form !== last.form) run++;
      const begins = last?.run !== run;
      last = { run, form };
      if (begins) transport = new TransportStream();
      const parts = form === 'ts' ? transport.demux(bytes) : [plainPart(bytes, fragments)];
      if (segment.track && parts.every(({ track }) => !track))
        parts[0] = { bytes: parts[0]!.bytes, track: segment.track };
      yield {
        run,
        parts: begins && init && !fragments && form !== 'ts' ? [{ bytes: init }, ...parts] : parts,
      };
      failures = 0;
    } catch (error) {
      if (error instanceof NoAudioStream)
        throw new UserError('bad-audio', `${name} cannot be decoded: ${error.message}.`, { cause: error });
      if (signal.aborted) return;
      // What is missing in a broadcast does not come back; in a recording it would go unnoticed.
      if (!(error instanceof UserError) || list.media.ended || ++failures >= MAX_FAILURES) throw error;
      run++;
    }
  }
}

/** Loads segments, and what has to come before them once. */
class SegmentLoader {
  readonly #options: HlsOptions;
  #init:
    | { readonly of: string; readonly init: Uint8Array; readonly fragments: FragmentReader | undefined }
    | undefined;

  constructor(options: HlsOptions) {
    this.#options = options;
  }

  async load(segment: HlsSegment): Promise<LoadedSegment> {
    const bytes = await loadSegment(segment, this.#options);
    if (!segment.init) return { bytes };
    const of = JSON.stringify(segment.init);
    if (this.#init?.of !== of) {
      const init = await loadSegment(segment.init, this.#options);
      this.#init = { of, init, fragments: openFragments(init) };
    }
    return { ...this.#init, bytes };
  }
}

interface LoadedSegment {
  readonly bytes: Uint8Array;
  /** What has to come before the first segment, for MP4. */
  readonly init?: Uint8Array;
  /** Absent: the decoder of MP4 reads the fragments. */
  readonly fragments?: FragmentReader | undefined;
}

/** The audio of a segment without a transport stream, and its title: in ID3 tags before it, or in boxes of MP4. */
function plainPart(bytes: Uint8Array, fragments?: FragmentReader): SegmentPart {
  let audio = bytes;
  let track = [...children(boxOf(bytes), 'emsg')].map(eventTitle).find((title) => title);
  for (let tag = id3v2Bytes(audio); tag > 0; tag = id3v2Bytes(audio)) {
    track = id3Title(audio) ?? track;
    audio = audio.subarray(tag);
  }
  return { bytes: fragments?.(audio) ?? audio, track };
}

/** An event message (https://aomediacodec.github.io/id3-emsg/) has the tag at its end. */
function eventTitle({ bytes }: Box): TrackTitle | undefined {
  for (let at = bytes.length - 10; at >= 0; at--)
    if (hasText(bytes, at, 'ID3')) return id3Title(bytes.subarray(at));
  return undefined;
}
