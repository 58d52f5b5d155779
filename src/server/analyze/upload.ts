import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../http/problem.ts';

/** The name of an upload, from `randomUUID`. */
const UPLOAD = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

export interface Upload {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Writes an upload to a file in `folder` as it arrives.
 *
 * @throws Problem `too-large`, `disk-full`, `empty`
 */
export async function saveUpload(
  body: AsyncIterable<Uint8Array>,
  folder: string,
  maxBytes: number,
): Promise<Upload> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, randomUUID());
  const remove = () => rm(path, { force: true });
  let bytes = 0;
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of body) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw tooLarge(maxBytes);
        await file.writeFile(chunk);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    await remove();
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
      throw new Problem(
        503,
        'disk-full',
        'The disk is full, so the file cannot be stored: free disk space and try again.',
      );
    }
    throw error;
  }
  if (bytes === 0) {
    await remove();
    throw new Problem(
      422,
      'empty',
      'The file is empty: send audio as the body, as in curl --data-binary @song.ogg.',
    );
  }
  return { path, remove };
}

/** Removes the uploads that a crash has left, known by their names: the folder may have been there before, with other files. */
export function removeLeftUploads(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isFile() && UPLOAD.test(entry.name)) rmSync(join(folder, entry.name));
}

export function tooLarge(maxBytes: number): Problem {
  const megabytes = Math.round(maxBytes / 1024 / 1024);
  return new Problem(
    413,
    'too-large',
    `The file is too large: at most ${megabytes} MB can be analyzed; cut it, use "undertone track", or raise "limits.analyzeMegabytes" in the configuration.`,
  );
}
