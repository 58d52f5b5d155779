/**
 * The process that records from a sound card. PortAudio may write to its output, hang or crash here
 * without touching the server; the parent reads frames from file descriptor 3 and kills it at will.
 *
 *   node recorder.js devices
 *   node recorder.js record '{"device":"","sampleRateHz":48000,"channels":2}'
 */
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { UserError } from '../../../user-error.ts';
import { LossMeter } from './loss-meter.ts';
import { FLOAT32, loadNaudiodon, readDevices } from './naudiodon.ts';
import { chooseDevice, encodeFrame, FRAME_KINDS } from './protocol.ts';

export interface RecordRequest {
  /** Name, part of a name or index; empty for the default. */
  readonly device: string;
  readonly sampleRateHz?: number;
  readonly channels?: number;
}

const OUTPUT_FD = 3;
const READ_SECONDS = 0.02;
/** PortAudio's callback blocks, and the card then overflows, when this much waits to be read. */
const QUEUE_SECONDS = 5;
const MAX_DEFAULT_CHANNELS = 2;

/** Ends at once and for certain: an orderly exit waits for PortAudio's threads, which may hang. */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

// The parent's end of the pipe closes when the parent ends, however it does.
process.stdin.on('end', die).on('error', die).resume();
// Ctrl-C reaches the whole group: the parent ends the recording in order, then us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

try {
  const [, , mode, request] = process.argv;
  const native = loadNaudiodon();
  if (mode === 'devices') sendJson(FRAME_KINDS.devices, readDevices(native));
  else await record(native, JSON.parse(request ?? '{}') as RecordRequest);
} catch (fault) {
  const code = fault instanceof UserError ? fault.code : 'soundcard-fault';
  sendJson(FRAME_KINDS.error, { code, message: fault instanceof Error ? fault.message : String(fault) });
}
die();

async function record(native: ReturnType<typeof loadNaudiodon>, request: RecordRequest): Promise<void> {
  const device = chooseDevice(readDevices(native), request.device);
  const sampleRateHz = request.sampleRateHz ?? device.defaultRateHz;
  const channels = request.channels ?? Math.min(MAX_DEFAULT_CHANNELS, device.channels);
  if (channels > device.channels) {
    const message = `The audio input "${device.name}" has ${device.channels} channels: ask for no more than that, not ${channels}.`;
    throw new UserError('bad-source', message);
  }
  const framesPerRead = Math.round(READ_SECONDS * sampleRateHz);
  const input = openInput(native, device.index, device.name, sampleRateHz, channels, framesPerRead);
  const output = new Socket({ fd: OUTPUT_FD, readable: false, writable: true });
  output.on('error', die);
  output.write(encodeJson(FRAME_KINDS.ready, { device: device.name, sampleRateHz, channels }));

  const meter = new LossMeter(sampleRateHz);
  let lost = 0;
  for (;;) {
    const { err, buf, finished } = await input.read(framesPerRead * channels * 4);
    if (finished) return;
    if (err !== undefined) {
      // The samples of this read are withheld, and the card lost some more of its own.
      meter.overflow();
      meter.known(framesPerRead);
      lost += framesPerRead;
      continue;
    }
    if (!buf || buf.length === 0) continue;
    lost += meter.read(buf.length / 4 / channels, performance.now());
    const isRoom = output.write(encodeFrame(FRAME_KINDS.audio, buf, lost));
    lost = 0;
    // The parent always reads; should it not, samples wait in naudiodon's queue, then the card overflows.
    if (!isRoom) await new Promise((resolve) => output.once('drain', resolve));
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
        // So that an overflow comes with the read, where it can be counted.
        closeOnError: true,
      },
    });
    input.start();
    return input;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The audio input "${name}" does not open at ${sampleRate} Hz with ${channelCount} channels (${reason}): try another ?rate= or ?channels=, or close the program that has it.`;
    throw new UserError('device-busy', message, { cause });
  }
}

function encodeJson(kind: number, value: unknown): Uint8Array {
  return encodeFrame(kind, new TextEncoder().encode(JSON.stringify(value)));
}

/** Synchronously, for the process ends right after. */
function sendJson(kind: number, value: unknown): void {
  const bytes = encodeJson(kind, value);
  for (let at = 0; at < bytes.length; ) at += writeSync(OUTPUT_FD, bytes, at);
}
