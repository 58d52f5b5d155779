import { extname, resolve } from 'node:path';
import { BadSink, integerParam } from '../sink-uri.ts';
import { claim } from './claim.ts';
import { RotatingFile } from './rotating-file.ts';
import { createRows, rowFormat } from './rows.ts';
import type { SinkConnection, SinkStep, StreamSinkKind } from './stream-sink-kind.ts';

const MEGABYTE = 1024 * 1024;
/** Clients may send streams with many names. */
const MAX_OPEN = 64;

/**
 * Files of NDJSON or CSV, which rotate by size and by day. `{stream}` in the path is a file for each stream; without it
 * all streams share one.
 */
export const fileSink: StreamSinkKind = {
  schemes: ['file'],
  usage: 'file:PATH',
  about: 'a file of NDJSON or CSV that rotates, 10 files of 100 MB at most by default',
  example: 'file:frames-{stream}.csv?megabytes=20&daily=on&keep=30',
  params: ['format', 'megabytes', 'daily', 'keep'],
  remote: false,
  live: false,
  maxQueued: 2_000,
  batch: { maxItems: 500, waitMs: 0 },
  wholeFrames: true,
  create(target) {
    const template = target.path;
    if (template === '') throw new BadSink('expected a path, such as "file:frames.ndjson"');
    if (/(^|[\\/])\.{0,2}$/.test(template))
      throw new BadSink(`expected the path of a file, not of the folder "${template}"`);
    const other = /\{(?!stream\})[^}]*\}?/.exec(template)?.[0];
    if (other !== undefined) throw new BadSink(`expected only {stream} in braces, not "${other}"`);
    const isCsv = extname(template).toLowerCase() === '.csv';
    const format = rowFormat(target, isCsv ? 'csv' : 'ndjson');
    const rows = createRows(format, target);
    const options = {
      header: rows.header,
      isOwn: format === 'csv' ? (line: string) => line === rows.header.trimEnd() : isStep,
      maxBytes: MEGABYTE * integerParam(target, 'megabytes', { min: 1, max: 100_000, default: 100 }),
      daily: onOff(target.params.get('daily')),
      keep: integerParam(target, 'keep', { min: 1, max: 10_000, default: 10 }),
    };
    /** Steps of a batch that are in their file while another file of the batch cannot be written. */
    const written = new WeakSet<SinkStep>();
    return {
      async open() {
        const files = new Map<string, { readonly file: RotatingFile; readonly free: () => void }>();
        const fileOf = async (stream: string) => {
          const path = resolve(template.replaceAll('{stream}', stream));
          const known = files.get(path);
          if (known) {
            files.delete(path);
            files.set(path, known); // The newest one is the last.
            return known.file;
          }
          const free = claim(path);
          const file = new RotatingFile({ ...options, path });
          files.set(path, { file, free });
          await file.open();
          return file;
        };
        const connection: SinkConnection = {
          async send(steps) {
            const perFile = new Map<RotatingFile, SinkStep[]>();
            for (const step of steps) {
              if (written.has(step)) continue;
              const file = await fileOf(step.stream);
              const own = perFile.get(file);
              if (own) own.push(step);
              else perFile.set(file, [step]);
            }
            for (const [file, own] of perFile) {
              const lines = own.map((step) => rows.line(step)).join('');
              if (lines !== '') await file.append(lines, own.at(-1)!.timeMs);
              for (const step of own) written.add(step);
            }
            await closeFiles(MAX_OPEN);
            return undefined;
          },
          close: () => closeFiles(0),
        };
        /** Closes the files that were not written for longest, until `max` are open. */
        async function closeFiles(max: number): Promise<void> {
          const oldest = [...files].slice(0, Math.max(0, files.size - max));
          for (const [path] of oldest) files.delete(path);
          await Promise.all(oldest.map(([, { file, free }]) => file.close().finally(free)));
        }
        try {
          // Without {stream}, a file that cannot be written is noticed before the first step.
          if (!template.includes('{stream}')) await fileOf('');
        } catch (error) {
          await connection.close();
          throw error;
        }
        return connection;
      },
    };
  },
};

/** Whether a line of a file is a step that undertone wrote. */
function isStep(line: string): boolean {
  try {
    const { stream, t } = JSON.parse(line) as { stream?: unknown; t?: unknown };
    return typeof stream === 'string' && typeof t === 'number';
  } catch {
    return false;
  }
}

/** @throws BadSink */
function onOff(text = 'off'): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new BadSink('expected daily to be on or off');
}
