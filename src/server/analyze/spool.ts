import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../http/problem.ts';

export interface Spooled {
  readonly path: string;
  remove(): Promise<void>;
}

/** Writes an upload to a file under `folder` as it arrives, at most `maxBytes` of it. */
export async function spool(
  body: AsyncIterable<Uint8Array>,
  folder: string,
  maxBytes: number,
): Promise<Spooled> {
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
      throw new Problem(503, 'disk-full', 'The disk is full: the file cannot be taken in now.');
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

export function tooLarge(maxBytes: number): Problem {
  const megabytes = Math.round(maxBytes / 1024 / 1024);
  return new Problem(
    413,
    'too-large',
    `The file is too large: at most ${megabytes} MB can be analysed at once; cut it, or use "undertone track".`,
  );
}
