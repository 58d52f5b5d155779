import type { AudioFormat, Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { createBackoff, type RetryOptions, wait } from '../../util/retry.ts';
import { ChunkQueue } from '../chunk-queue.ts';
import { lostNotice } from './lost-notice.ts';
import { FRAME_KINDS, type Frame, parsePayload } from './soundcard/protocol.ts';
import type { RecordRequest } from './soundcard/recorder.ts';
import { type Recorder, spawnRecorder } from './soundcard/spawn-recorder.ts';
import type { SourceKind } from './source-kind.ts';
import { checkParams, integerParam } from './source-uri.ts';

/** `soundcard:` or `soundcard:NAME`: live input. Over the network it would turn on a microphone, so it is opt-in. */
export const soundcard: SourceKind = {
  schemes: ['soundcard'],
  usage: 'soundcard:',
  remote: 'opt-in',
  mainThread: true,
  create(uri) {
    checkParams(uri, ['rate', 'channels', 'first']);
    const sampleRateHz = integerParam(uri, 'rate', 8000, 192_000);
    const channels = integerParam(uri, 'channels', 1, 32);
    const first = integerParam(uri, 'first', 1, 32);
    return soundcardSource(uri.uri, uri.path, {
      ...(sampleRateHz && { sampleRateHz }),
      ...(channels && { channels }),
      ...(first && { first }),
    });
  },
};

export interface SoundcardOptions extends Partial<RetryOptions> {
  /** Default: the device's own rate. */
  readonly sampleRateHz?: number;
  /** Default: as many as the device has, at most 2. */
  readonly channels?: number;
  /** The first channel that is used; 1 by default, the first of the device. */
  readonly first?: number;
  /** After this long without samples, the device counts as lost. */
  readonly stallMs?: number;
  /** If the device is not open after this long, it counts as lost. */
  readonly startMs?: number;
  /** Starts the recorder process. Tests replace it. */
  readonly spawn?: (args: readonly string[]) => Recorder;
}

const DEFAULTS = { stallMs: 3000, startMs: 10_000, retryMs: 500, maxRetryMs: 10_000, spawn: spawnRecorder };

/** Why a recording ended unexpectedly. */
interface Loss {
  readonly reason: string;
  /** The error that the recorder reported, if the user can fix it. */
  readonly error?: UserError;
  readonly fault: Pick<UserError, 'code' | 'values'>;
}

/**
 * Records from a device in a supervised process. When the process stalls or crashes, or the device disappears, the
 * process is restarted until the device is back. Only the first start throws, because then the user is there to
 * fix it.
 *
 * @param device empty for the default, else an index, a name or a part of a name
 */
export function soundcardSource(uri: string, device: string, options: SoundcardOptions = {}): Source {
  const settings = { ...DEFAULTS, ...options };
  const request: RecordRequest = {
    device,
    ...(options.sampleRateHz && { sampleRateHz: options.sampleRateHz }),
    ...(options.channels && { channels: options.channels }),
    ...(options.first && { first: options.first }),
  };
  return {
    uri,
    async *open(signal) {
      const closed = new AbortController();
      const stop = () => closed.abort();
      const queue = new ChunkQueue({ signal: closed.signal });
      const work = superviseRecording(queue, request, settings, closed.signal);
      work.catch(stop); // Its error is thrown below, once the queue has ended.
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

/** Records until `signal` aborts, restarting the recorder process as often as needed. */
async function superviseRecording(
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
    const { reason, error, fault } = await recordOnce(queue, request, settings, signal, onReady);
    if (signal.aborted) return;
    if (!everReady) {
      queue.fail(error ?? new UserError('soundcard-fault', `The audio input cannot be opened: ${reason}.`));
      return;
    }
    if (!lost) {
      const message = `The audio input was lost: ${reason}; trying again until it is back.`;
      queue.notice(lostNotice(fault, message));
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
  const killStalled = (ms: number) => {
    stalledMs = ms;
    recorder.kill();
  };
  let watchdog = setTimeout(killStalled, settings.startMs, settings.startMs);
  signal.addEventListener('abort', recorder.kill, { once: true });
  if (signal.aborted) recorder.kill();
  let format: AudioFormat | undefined;
  let announced: { device: string } | undefined;
  try {
    for await (const frame of recorder.frames) {
      if (frame.kind === FRAME_KINDS.ready) {
        const ready = parsePayload<AudioFormat & { device: string }>(frame);
        format = { sampleRateHz: ready.sampleRateHz, channels: ready.channels };
        announced = ready;
      } else if (format && frame.kind === FRAME_KINDS.audio) {
        // The device is back when it delivers samples, not when it reports that it is open.
        if (announced) onReady(announced);
        announced = undefined;
        queue.push(chunkOf(frame, format));
        clearTimeout(watchdog);
        watchdog = setTimeout(killStalled, settings.stallMs, settings.stallMs);
      }
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { reason: error.message.replace(/\.$/, ''), error, fault: error };
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener('abort', recorder.kill);
    recorder.kill();
  }
  if (stalledMs > 0) {
    const seconds = stalledMs / 1000;
    const fault = { code: 'no-samples', values: { seconds } };
    return { reason: `it delivered no samples for ${seconds} s`, fault };
  }
  return {
    reason: `its recorder ended${lastNote(recorder)}`,
    fault: { code: 'recorder-ended', values: undefined },
  };
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
