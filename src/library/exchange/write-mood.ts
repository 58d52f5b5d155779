import { execFile } from 'node:child_process';
import { chmod, rename, rm, stat, utimes } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { parseFile } from 'music-metadata';
import { UserError } from '../../user-error.ts';

const run = promisify(execFile);

export interface MoodTags {
  readonly mood: string;
  readonly valence: number;
  readonly arousal: number;
}

/** How ffmpeg names each format, and its own name for the mood; others are written as free text frames. */
const FORMATS: Readonly<
  Record<string, { readonly muxer: string; readonly mood: string; readonly options: readonly string[] }>
> = {
  '.mp3': { muxer: 'mp3', mood: 'TMOO', options: ['-id3v2_version', '4'] },
  '.flac': { muxer: 'flac', mood: 'MOOD', options: [] },
  '.ogg': { muxer: 'ogg', mood: 'MOOD', options: [] },
  '.oga': { muxer: 'ogg', mood: 'MOOD', options: [] },
  '.opus': { muxer: 'opus', mood: 'MOOD', options: [] },
};

export const TAGGABLE: string = Object.keys(FORMATS)
  .map((extension) => extension.slice(1))
  .join(', ');

/** Whether the tags of a file can be written, by its name. */
export const isTaggable = (path: string): boolean => extname(path).toLowerCase() in FORMATS;

/** @throws UserError `no-ffmpeg` */
export async function checkFfmpeg(): Promise<void> {
  await run('ffmpeg', ['-version']).catch((cause) => {
    const message =
      'Writing tags needs the program ffmpeg: install it, for example with "apt install ffmpeg".';
    throw new UserError('no-ffmpeg', message, { cause });
  });
}

/**
 * Writes mood, valence and arousal into the tags of a file; the audio is copied as it is. The new file is written beside
 * the old one and replaces it only after a check: its decoded audio is bit for bit the same, and no other tag or picture
 * is lost.
 *
 * @throws UserError `not-taggable`, `tags-lost`, `bad-file`; then the file is as it was
 */
export async function writeMood(
  path: string,
  { mood, valence, arousal }: MoodTags,
  keepTime = false,
): Promise<void> {
  const format = FORMATS[extname(path).toLowerCase()];
  if (!format) {
    throw new UserError(
      'not-taggable',
      `${path} has a format whose tags are not written; those of ${TAGGABLE} are.`,
    );
  }
  const before = await snapshot(path);
  if (before.pictures > 0 && ['ogg', 'opus'].includes(format.muxer)) {
    throw new UserError(
      'not-taggable',
      `${path} has a picture, which ffmpeg would lose in this format: it stays as it is.`,
    );
  }
  const tags = { [format.mood]: mood, VALENCE: valence.toFixed(2), AROUSAL: arousal.toFixed(2) };
  const partial = `${path}.undertone-${process.pid}.partial`;
  try {
    await run('ffmpeg', [
      ...[
        '-v',
        'error',
        '-nostdin',
        '-y',
        '-i',
        `file:${path}`,
        '-map',
        '0',
        '-map_metadata',
        '0',
        '-c',
        'copy',
      ],
      // Ogg keeps tags with the stream, the others with the file.
      ...Object.entries(tags).flatMap(([name, value]) => [
        '-metadata',
        `${name}=${value}`,
        '-metadata:s:a:0',
        `${name}=${value}`,
      ]),
      ...[...format.options, '-f', format.muxer, `file:${partial}`],
    ]);
    const after = await snapshot(partial);
    const lost = before.common.filter((entry) => !after.common.includes(entry));
    if (after.audio !== before.audio || after.pictures !== before.pictures || lost.length > 0) {
      const what =
        after.audio !== before.audio ? 'its audio would change' : `it would lose ${lost[0] ?? 'a picture'}`;
      throw new UserError('tags-lost', `${path} stays as it is, because ${what}.`);
    }
    const { mode, atime, mtime } = await stat(path);
    await chmod(partial, mode & 0o777);
    if (keepTime) await utimes(partial, atime, mtime);
    await rename(partial, path);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { stderr, message } = cause as Error & { stderr?: string };
    const reason = (stderr || message).trim().split('\n').at(-1);
    throw new UserError('bad-file', `The tags of ${path} cannot be written (${reason}); it stays as it is.`, {
      cause,
    });
  } finally {
    await rm(partial, { force: true });
  }
}

/** What must not change: a hash of the decoded audio, the usual tags but the mood, and the number of pictures. */
async function snapshot(path: string) {
  const [{ stdout }, { common }] = await Promise.all([
    run('ffmpeg', ['-v', 'error', '-nostdin', '-i', `file:${path}`, '-map', '0:a', '-f', 'md5', '-']),
    parseFile(path, { duration: false }),
  ]);
  const { picture, mood: _, ...rest } = common;
  return {
    audio: stdout.trim(),
    common: Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
    pictures: picture?.length ?? 0,
  };
}
