/**
 * The process that records from a sound card. If PortAudio hangs, crashes or writes to stdout, the server is not
 * affected. The parent reads frames from file descriptor 3 and may kill the process at any time.
 *
 *   node recorder.js devices
 *   node recorder.js record '{"device":"","sampleRateHz":48000,"channels":2}'
 */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { UserError } from '../../../user-error.ts';
import { chooseDevice } from './devices.ts';
import { LossMeter } from './loss-meter.ts';
import { FLOAT32, loadNaudiodon, readDevices } from './naudiodon.ts';
import { pickChannels } from './pick-channels.ts';
import { encodeFrame, encodeJson, FRAME_KINDS } from './protocol.ts';

export interface RecordRequest {
  /** An index, a name or a part of a name; empty for the default device. */
  readonly device: string;
  readonly sampleRateHz?: number;
  /** Number of channels, from `first` on. */
  readonly channels?: number;
  /** The first channel of the device that is used; 1 by default. */
  readonly first?: number;
}

const OUTPUT_FD = 3;
const READ_SECONDS = 0.02;
/** When this much waits to be read, PortAudio's callback blocks, and then the card overflows. */
const QUEUE_SECONDS = 5;
const MAX_DEFAULT_CHANNELS = 2;

/** An orderly exit would wait for PortAudio's threads, which may hang. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

// The pipe closes when the parent ends, even if it is killed.
process.stdin.on('end', die).on('error', die).resume();
// Ctrl-C reaches the whole process group, but the parent stops the recording first and then this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

try {
  const [, , mode, request] = process.argv;
  const native = loadNaudiodon();
  if (mode === 'devices') sendJson(FRAME_KINDS.devices, readDevices(native));
  else await record(native, JSON.parse(request ?? '{}') as RecordRequest);
} catch (error) {
  const { code, values } =
    error instanceof UserError ? error : { code: 'soundcard-fault', values: undefined };
  const message = error instanceof Error ? error.message : String(error);
  sendJson(FRAME_KINDS.error, { code, message, values });
}
die();

async function record(native: ReturnType<typeof loadNaudiodon>, request: RecordRequest): Promise<void> {
  const device = chooseDevice(readDevices(native), request.device);
  const sampleRateHz = request.sampleRateHz ?? device.defaultRateHz;
  const first = request.first ?? 1;
  const channels =
    request.channels ?? Math.max(1, Math.min(MAX_DEFAULT_CHANNELS, device.channels - first + 1));
  const total = first - 1 + channels;
  if (total > device.channels) {
    const message = `The audio input "${device.name}" has ${device.channels} channels, not ${total}: lower ?channels= or ?first=.`;
    throw new UserError('bad-source', message);
  }
  const framesPerRead = Math.round(READ_SECONDS * sampleRateHz);
  const input = openInput(native, device.index, device.name, sampleRateHz, total, framesPerRead);
  const output = new Socket({ fd: OUTPUT_FD, readable: false, writable: true });
  output.on('error', die);
  output.write(encodeJson(FRAME_KINDS.ready, { device: device.name, sampleRateHz, channels }));

  const meter = new LossMeter(sampleRateHz);
  let lost = 0;
  for (;;) {
    const { err, buf, finished } = await input.read(framesPerRead * total * 4);
    if (finished) return;
    if (err !== undefined) {
      // The samples of this read are lost, and the card lost some more before them.
      meter.overflow();
      meter.known(framesPerRead);
      lost += framesPerRead;
      continue;
    }
    if (!buf || buf.length === 0) continue;
    lost += meter.read(buf.length / 4 / total, performance.now());
    const hasRoom = output.write(
      encodeFrame(FRAME_KINDS.audio, pickChannels(buf, { total, first, count: channels }), lost),
    );
    lost = 0;
    // If the parent does not read, samples wait in naudiodon's queue; when that is full, the card overflows.
    if (!hasRoom) await new Promise((resolve) => output.once('drain', resolve));
  }
}

function openInput(
  native: ReturnType<typeof loadNaudiodon>,
  deviceId: number,
  name: string,
  sampleRate: number,
  channelCount: number,
  framesPerBuffer: number,
) {
  try {
    const input = native.create({
      inOptions: {
        deviceId,
        sampleRate,
        channelCount,
        sampleFormat: FLOAT32,
        maxQueue: Math.ceil(QUEUE_SECONDS / READ_SECONDS),
        framesPerBuffer,
        // Reports an overflow with the read, where it can be counted.
        closeOnError: true,
      },
    });
    input.start();
    return input;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The audio input "${name}" does not open at ${sampleRate} Hz with ${channelCount} channels (${reason}): try another ?rate= or ?channels=, or close the program that uses it.`;
    throw new UserError('device-busy', message, { cause, values: { device: name } });
  }
}

/** Writes synchronously, because the process ends right after it. */
function sendJson(kind: number, value: unknown): void {
  const bytes = encodeJson(kind, value);
  for (let at = 0; at < bytes.length; ) at += writeSync(OUTPUT_FD, bytes, at);
}
