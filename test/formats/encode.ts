import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ClipName } from './clips.ts';

const exec = promisify(execFile);

export interface Kit {
  /** Paths of the clips. */
  readonly clips: Readonly<Record<ClipName, string>>;
}

/**
 * Writes a row's file to `out`.
 *
 * @returns the files whose decodes by ffmpeg, one after the other, are what the row's file holds: itself, or what it
 *   was before it was damaged, or its links
 */
export type Make = (kit: Kit, out: string) => Promise<readonly string[]>;

/** Encodes a clip with ffmpeg: `args` as on its command line, between the input and the output. */
export function ffmpeg(args: string, clip: ClipName = 'music'): Make {
  return program('ffmpeg', `-v error -nostdin -threads 1 -y -i IN -bitexact ${args} OUT`, clip);
}

/** Encodes a clip with sox. `-R`: its dither is the same in every run. */
export const sox = (args: string): Make => program('sox', `-R ${args}`);

/** Encodes with any program: `IN` and `OUT` in its arguments are the clip and the file. */
export function program(name: string, args: string, clip: ClipName = 'music'): Make {
  return async ({ clips }, out) => {
    const paths: Readonly<Record<string, string>> = { IN: clips[clip], OUT: out };
    await run(
      name,
      words(args).map((arg) => paths[arg] ?? arg),
    );
    return [out];
  };
}

/** A recording of test/fixtures/decode/, of an encoder that Debian does not have; `args` of ffmpeg convert it. */
export function fixture(name: string, args: string): Make {
  const path = fileURLToPath(new URL(`../fixtures/decode/${name}`, import.meta.url));
  return async (_, out) => {
    await run('ffmpeg', ['-v', 'error', '-nostdin', '-y', '-i', path, '-c:a', 'copy', ...words(args), out]);
    return [out];
  };
}

/** As a recorder over a pipe writes it, which cannot seek back to fill in sizes. */
export function piped(args: string, clip: ClipName = 'music'): Make {
  return async ({ clips }, out) => {
    const all = ['-v', 'error', '-nostdin', '-threads', '1', '-i', clips[clip], ...words(args), '-'];
    await writeFile(out, await run('ffmpeg', all));
    return [out];
  };
}

/** Changes the bytes of a file, in place or into a new array. */
export type Edit = (bytes: Buffer) => Uint8Array;

/** The file of `make` with its bytes changed. Its sound stays the same. */
export function edited(make: Make, edit: Edit): Make {
  return async (kit, out) => {
    const whole = withSuffix(out, 'whole');
    const reference = await make(kit, whole);
    const bytes = await readFile(whole);
    await writeFile(out, edit(bytes));
    return reference;
  };
}

/** The file of `make` with bytes removed: ffmpeg's decode of what is left is the reference. */
export function cut(make: Make, edit: Edit): Make {
  return async (kit, out) => {
    await edited(make, edit)(kit, out);
    return [out];
  };
}

/** For a file that ffmpeg does not decode: the clip is the reference. */
export function ofClip(make: Make): Make {
  return async (kit, out) => {
    await make(kit, out);
    return [kit.clips.music];
  };
}

/** Two files, one after the other, as `cat` joins them and as a radio station changes to the next song. */
export function joined(first: Make, second: Make): Make {
  return async (kit, out) => {
    const parts = await Promise.all([first(kit, withSuffix(out, '1')), second(kit, withSuffix(out, '2'))]);
    const files = parts.flat();
    await writeFile(out, Buffer.concat(await Promise.all(files.map((file) => readFile(file)))));
    return files;
  };
}

export async function run(name: string, args: readonly string[]): Promise<Buffer> {
  const { stdout } = await exec(name, args, { encoding: 'buffer', maxBuffer: 2 ** 28 });
  return stdout;
}

const words = (args: string): string[] => args.split(' ').filter((word) => word !== '');

/** `song.ogg` → `song.whole.ogg` */
const withSuffix = (path: string, suffix: string): string => path.replace(/(\.\w+)$/, `.${suffix}$1`);
