import type { AudioFormat, Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { createBackoff, type RetryOptions, wait } from '../../util/retry.ts';
import { ChunkQueue } from '../chunk-queue.ts';
import { FRAME_KINDS, type Frame } from './soundcard/protocol.ts';
import type { RecordRequest } from './soundcard/recorder.ts';
import { jsonOf, type Recorder, spawnRecorder } from './soundcard/spawn-recorder.ts';

export interface SoundcardOptions extends Partial<RetryOptions> {
  /** Else the device's own. */
  readonly sampleRateHz?: number;
  /** Else as many as it has, up to 2. */
  readonly channels?: number;
  /** A card that gives no samples for so long is lost. */
  readonly stallMs?: number;
  /** A card that is not open after so long is lost. */
  readonly startMs?: number;
  /** Starts the recorder process; tests put their own here. */
  readonly spawn?: (args: readonly string[]) => Recorder;
}

const DEFAULTS = { stallMs: 3000, startMs: 10_000, retryMs: 500, maxRetryMs: 10_000, spawn: spawnRecorder };

/** Why a recording ended that should have gone on. */
interface Loss {
  readonly reason: string;
  /** The user's to mend, where the recorder said so. */
  readonly fault?: UserError;
}

/**
 * `soundcard:` or `soundcard:NAME`: live input. The recording runs in a process that is watched: when it
 * stalls, crashes or its device goes, it is started again until the device is back. Only the first start
 * throws, for then the user can see to it.
 */
export function soundcardSource(uri: string, device: string, options: SoundcardOptions = {}): Source {
  const settings = { ...DEFAULTS, ...options };
  const request: RecordRequest = {
    device,
    ...(options.sampleRateHz && { sampleRateHz: options.sampleRateHz }),
    ...(options.channels && { channels: options.channels }),
  };
  return {
    uri,
    async *open(signal) {
      const closed = new AbortController();
      const queue = new ChunkQueue({ signal: AbortSignal.any([signal, closed.signal]) });
      const work = keepRecording(queue, request, settings, closed.signal);
      const stop = () => closed.abort();
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      try {
        yield* queue;
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
        await work;
      }
    },
  };
}

/** Records until `signal` aborts, over as many recorder processes as it takes. */
async function keepRecording(
  queue: ChunkQueue,
  request: RecordRequest,
  settings: typeof DEFAULTS,
  signal: AbortSignal,
): Promise<void> {
  let everReady = false;
  let lost = false;
  const backoff = createBackoff(settings);
  while (!signal.aborted) {
    const onReady = ({ device }: { device: string }) => {
      if (lost) queue.notice({ type: 'source-restored', message: `The audio input "${device}" is back.` });
      everReady = true;
      lost = false;
      backoff.reset();
    };
    const { reason, fault } = await recordOnce(queue, request, settings, signal, onReady);
    if (signal.aborted) return;
    if (!everReady) {
      queue.fail(fault ?? new UserError('soundcard-fault', `The audio input cannot be opened: ${reason}.`));
      return;
    }
    if (!lost) {
      const message = `The audio input was lost: ${reason}; trying again until it is back.`;
      queue.notice({ type: 'source-lost', message });
      lost = true;
    }
    await wait(backoff.nextMs(), signal);
  }
}

/** One recorder process, from its start to its end. */
async function recordOnce(
  queue: ChunkQueue,
  request: RecordRequest,
  settings: typeof DEFAULTS,
  signal: AbortSignal,
  onReady: (ready: { device: string }) => void,
): Promise<Loss> {
  const recorder = settings.spawn(['record', JSON.stringify(request)]);
  let stalledMs = 0;
  const bark = (ms: number) => {
    stalledMs = ms;
    recorder.kill();
  };
  let watchdog = setTimeout(bark, settings.startMs, settings.startMs);
  signal.addEventListener('abort', recorder.kill, { once: true });
  if (signal.aborted) recorder.kill();
  let format: AudioFormat | undefined;
  let announced: { device: string } | undefined;
  try {
    for await (const frame of recorder.frames) {
      if (frame.kind === FRAME_KINDS.ready) {
        const ready = jsonOf<AudioFormat & { device: string }>(frame);
        format = { sampleRateHz: ready.sampleRateHz, channels: ready.channels };
        announced = ready;
      } else if (format && frame.kind === FRAME_KINDS.audio) {
        // A card is there when it gives samples, not when it says that it is open.
        if (announced) onReady(announced);
        announced = undefined;
        queue.push(chunkOf(frame, format));
        clearTimeout(watchdog);
        watchdog = setTimeout(bark, settings.stallMs, settings.stallMs);
      }
    }
  } catch (fault) {
    if (!(fault instanceof UserError)) throw fault;
    return { reason: fault.message.replace(/\.$/, ''), fault };
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener('abort', recorder.kill);
    recorder.kill();
  }
  if (stalledMs > 0) return { reason: `it gave no samples for ${stalledMs / 1000} s` };
  return { reason: `its recorder ended${lastNote(recorder)}` };
}

function chunkOf({ payload, lost }: Frame, { sampleRateHz, channels }: AudioFormat) {
  const samples = new Float32Array(payload.buffer, payload.byteOffset, payload.byteLength / 4);
  const chunk = { type: 'audio', sampleRateHz, channels, samples, arrivedAtMs: performance.now() } as const;
  return lost > 0 ? { ...chunk, lostSamples: lost } : chunk;
}

function lastNote(recorder: Recorder): string {
  const line = recorder.notes().split('\n').at(-1);
  return line ? ` (${line})` : '';
}
