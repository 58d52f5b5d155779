import { z } from 'zod';
import { profileName } from '../../profiles/profile.ts';
import { alertRules } from '../../sinks/alerts/rule.ts';
import { sinkList } from '../../sinks/sink-entry.ts';
import { UserError } from '../../user-error.ts';
import { readTextSync } from '../../util/text.ts';
import { writeAtomicSync } from '../../util/write-atomic.ts';
import { type StreamEntry, streamEntry } from './schema.ts';

export const MANAGED_FILE = 'managed.json';

const managed = z.strictObject({
  version: z.literal(1),
  /** Streams that were added while the server ran. */
  streams: z.array(streamEntry),
  /** Rules that were set while it ran, by the stream's name. */
  alerts: z.record(z.string(), alertRules),
  /** Profiles that were chosen while it ran, by the stream's name; null: none. */
  profiles: z.record(z.string(), profileName.nullable()).optional(),
  /** Sinks that were set while it ran, by the stream's name. Absent: none. */
  sinks: z.record(z.string(), sinkList).optional(),
});

/** Changes that were made over the API, which are kept over a restart. */
export type Managed = z.infer<typeof managed>;

/** @throws UserError `data-dir`, `bad-managed` */
export function readManaged(file: string): Managed {
  let text: string;
  try {
    text = readTextSync(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, streams: [], alerts: {} };
    throw new UserError('data-dir', `${file} cannot be read: allow this user to read it.`, { cause });
  }
  try {
    return managed.parse(JSON.parse(text));
  } catch (cause) {
    const [issue] = cause instanceof z.ZodError ? cause.issues : [];
    const reason = issue ? ` (${issue.path.join('.')}: ${issue.message})` : '';
    const sentence = `${file}, which holds the streams and alerts that were added over the API, is damaged${reason}: repair it, or move it away to start without them.`;
    throw new UserError('bad-managed', sentence, { cause });
  }
}

/** @throws UserError `not-kept` if the file cannot be written */
export function writeManaged(file: string, value: Managed): void {
  try {
    writeAtomicSync(file, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const sentence = `The change cannot be stored, so it was not made (${code}): check that the data directory is writable and has free space.`;
    throw new UserError('not-kept', sentence, { cause });
  }
}

/** The changes with another name for one stream. What an earlier stream of the new name left is replaced. */
export function withName(managed: Managed, from: string, entry: StreamEntry): Managed {
  const move = <T>(all: Readonly<Record<string, T>>): Record<string, T> => {
    const { [from]: own, [entry.name]: _, ...others } = all;
    return own === undefined ? others : { ...others, [entry.name]: own };
  };
  return {
    ...managed,
    streams: managed.streams.map((one) => (one.name === from ? entry : one)),
    alerts: move(managed.alerts),
    ...(managed.profiles && { profiles: move(managed.profiles) }),
    ...(managed.sinks && { sinks: move(managed.sinks) }),
  };
}
