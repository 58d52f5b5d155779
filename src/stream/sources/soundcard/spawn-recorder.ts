import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { type ReasonValues, UserError } from '../../../user-error.ts';
import { builtModule } from '../../../util/package.ts';
import { FRAME_KINDS, type Frame, FrameReader, parsePayload } from './protocol.ts';

/** Characters of PortAudio's output on stderr that are kept to explain an early end. */
const MAX_NOTES = 2000;

/** A running recorder process. */
export interface Recorder {
  readonly process: ChildProcess;
  /** Ends with the process. Throws the UserError that the process reported. */
  readonly frames: AsyncIterable<Frame>;
  /** The end of its output on stderr. */
  notes(): string;
  kill(): void;
}

export function spawnRecorder(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Recorder {
  const child = spawn(process.execPath, [recorderPath(), ...args], {
    // naudiodon's C code prints on stdout, so the samples have a separate pipe.
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    cwd: tmpdir(),
    env,
    windowsHide: true,
  });
  let notes = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    notes = (notes + text).slice(-MAX_NOTES);
  });
  child.stdin!.on('error', () => {});
  // If the process cannot be started, its pipes end: `frames` ends too.
  child.on('error', () => {});
  return {
    process: child,
    frames: readFrames(child.stdio[3] as Readable),
    notes: () => notes.trim(),
    kill: () => void child.kill('SIGKILL'),
  };
}

async function* readFrames(pipe: Readable): AsyncGenerator<Frame, void, undefined> {
  const reader = new FrameReader();
  for await (const bytes of pipe) {
    for (const frame of reader.push(bytes as Uint8Array)) {
      if (frame.kind === FRAME_KINDS.error) throw reportedError(frame);
      yield frame;
    }
  }
}

function reportedError(frame: Frame): UserError {
  const { code, message, values } = parsePayload<{
    code: string;
    message: string;
    values?: ReasonValues;
  }>(frame);
  return new UserError(code, message, { values });
}

function recorderPath(): string {
  const built = builtModule('src/stream/sources/soundcard/recorder.ts');
  if (existsSync(built)) return built;
  throw new UserError('not-built', 'The sound card recorder is not built: run "npm run build" once.');
}
