import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { csvHeader, csvRow } from '../../csv.ts';
import { findModel } from '../../model/load.ts';
import type { EmotionFrame, StreamMessage } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { printable } from '../../util/printable.ts';
import { type Output, openOutput } from '../output.ts';
import { profileScale } from '../profile-scale.ts';
import { createProgress } from '../progress.ts';
import { openTrackSinks } from '../track-sinks.ts';
import { listRecordings, type Recording } from './recordings.ts';
import { trackFiles } from './track-files.ts';
import { REPORTED, type TrackFlags } from './track-flags.ts';

export interface SeveralFlags extends TrackFlags {
  /** `out` is a folder: one file per recording, named after its stream. Otherwise all frames follow in order. */
  readonly toFolder: boolean;
}

/**
 * `undertone track` with several recordings, on all cores. A recording that fails is reported, and the others go on.
 *
 * @throws UserError `usage`, `some-failed`
 */
export async function trackSeveral(inputs: readonly string[], options: SeveralFlags): Promise<void> {
  const { model, engine, profile, out, toFolder, format, rate: sampleRateHz, channels } = options;
  if (options.stream !== undefined) {
    const message =
      '--stream names the stream of one recording: leave it out, and each is named after its file.';
    throw new UserError('usage', message);
  }
  const recordings = await listRecordings(inputs);
  await findModel(model); // One clear error instead of one from each thread.
  const scale = profile === undefined ? undefined : await profileScale(profile, options);
  const pcm = format.read && { format: format.read, sampleRateHz, channels };
  const sinks = openTrackSinks(options.sink ?? [], out);
  const notes = createNotes(out !== undefined);
  const outputs = toFolder ? await folderOutputs(out!, format.write) : await oneOutput(out);
  const line = format.write === 'csv' ? csvRow : (frame: EmotionFrame) => JSON.stringify(frame);

  let done = 0;
  let failed = 0;
  notes.begin(recordings.length);
  try {
    await trackFiles(recordings, {
      settings: { model, engine, scale, pcm },
      inOrder: !toFolder,
      write,
      onDone({ input }, error) {
        notes.done(++done);
        if (!error) return;
        failed++;
        notes.add(`${input}: ${error.message}`);
      },
    });
  } finally {
    notes.end();
  }
  await outputs.end();
  await sinks.close();
  if (failed > 0) {
    const message = `${failed} of ${recordings.length} recordings could not be tracked to their end: the reasons are above.`;
    throw new UserError('some-failed', message);
  }

  async function write(recording: Recording, message: StreamMessage | undefined): Promise<void> {
    if (!message) return outputs.close(recording);
    await sinks.write(message);
    if (message.type !== 'emotion') {
      if (REPORTED.has(message.type)) notes.add(`${recording.input} at ${message.t} s: ${message.message}`);
      return;
    }
    const { output, isNew } = await outputs.of(recording);
    if (isNew && format.write === 'csv') await output.write(`${csvHeader()}\n`);
    await output.write(`${line(message)}\n`);
  }
}

/** Where the frames of each recording go. */
interface Outputs {
  of(recording: Recording): Promise<{ readonly output: Output; readonly isNew: boolean }>;
  close(recording: Recording): Promise<void>;
  end(): Promise<void>;
}

async function oneOutput(path: string | undefined): Promise<Outputs> {
  const output = await openOutput(path);
  let isNew = true;
  return {
    async of() {
      const first = isNew;
      isNew = false;
      return { output, isNew: first };
    },
    async close() {},
    end: () => output.end(),
  };
}

async function folderOutputs(folder: string, extension: string): Promise<Outputs> {
  await mkdir(folder, { recursive: true });
  const open = new Map<Recording, Output>();
  return {
    async of(recording) {
      const known = open.get(recording);
      if (known) return { output: known, isNew: false };
      const output = await openOutput(join(folder, `${recording.stream}.${extension}`));
      open.set(recording, output);
      return { output, isNew: true };
    },
    async close(recording) {
      await open.get(recording)?.end();
      open.delete(recording);
    },
    async end() {},
  };
}

/**
 * Sentences on standard error, and a bar if it is a terminal that the frames do not use. The bar would overwrite the
 * sentences, so they follow it.
 */
function createNotes(toFile: boolean) {
  const progress = process.stderr.isTTY && (toFile || !process.stdout.isTTY) ? createProgress() : undefined;
  const later: string[] = [];
  const print = (note: string) => process.stderr.write(`undertone: ${printable(note)}\n`);
  return {
    begin: (total: number) => progress?.begin('Tracking', total),
    done: (count: number) => progress?.to(count),
    add: (note: string) => void (progress ? later.push(note) : print(note)),
    end() {
      progress?.end();
      later.forEach(print);
    },
  };
}
