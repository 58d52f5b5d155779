import { stat } from 'node:fs/promises';
import { isRecordingName } from '../../library/recordings-in.ts';
import { UserError } from '../../user-error.ts';

/**
 * Refuses to write frames over a recording: one of the inputs, or a file that is named like one, as in
 * `track --out *.mp3`, where the first recording becomes the output.
 *
 * @throws UserError `usage`
 */
export async function keepRecordings(out: string, inputs: readonly string[]): Promise<void> {
  const target = await fileAt(out);
  if (!target) return;
  const read = await Promise.all(inputs.map((input) => fileAt(input.replace(/^file:/i, ''))));
  const isInput = read.some((file) => file?.ino === target.ino && file.dev === target.dev);
  if (!isInput && !isRecordingName(out)) return;
  throw new UserError(
    'usage',
    `--out ${out} would overwrite a recording: name another file, such as frames.ndjson.`,
  );
}

/** Undefined for what is no regular file. */
async function fileAt(path: string) {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found?.isFile() ? found : undefined;
}
