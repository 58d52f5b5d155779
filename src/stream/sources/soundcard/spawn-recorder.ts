import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { UserError } from '../../../user-error.ts';
import { builtModule } from '../../../util/package.ts';
import { FRAME_KINDS, type Frame, FrameReader } from './protocol.ts';

/** Lines of PortAudio's chatter that are kept to explain an early end. */
const MAX_NOTES = 2000;

/** A recorder process: its frames until it ends. */
export interface Recorder {
  readonly process: ChildProcess;
  /** Ends when the process does; it throws the UserError that the process reported. */
  readonly frames: AsyncIterable<Frame>;
  /** The last of what it wrote on stderr. */
  notes(): string;
  kill(): void;
}

export function spawnRecorder(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Recorder {
  const child = spawn(process.execPath, [recorderPath(), ...args], {
    // naudiodon prints on stdout from C, so the samples have a pipe of their own.
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
  // A process that cannot be started ends its pipes, which is all that is needed here.
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
      if (frame.kind === FRAME_KINDS.error) throw faultOf(frame);
      yield frame;
    }
  }
}

function faultOf(frame: Frame): UserError {
  const { code, message } = jsonOf<{ code: string; message: string }>(frame);
  return new UserError(code, message);
}

export function jsonOf<T>(frame: Frame): T {
  return JSON.parse(new TextDecoder().decode(frame.payload)) as T;
}

function recorderPath(): string {
  const built = builtModule('src/stream/sources/soundcard/recorder.ts');
  if (existsSync(built)) return built;
  throw new UserError('not-built', 'The sound card recorder is not built: run "npm run build" once.');
}
