import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadActivityDetector } from '../../../src/model/activity/activity-detector.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import { loadModel } from '../../../src/model/load.ts';
import { createStepper } from '../../../src/model/stepper.ts';
import { STATE_FILE } from '../../../src/server/restart/state-file.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { track } from '../../../src/tracker.ts';
import type { EmotionFrame } from '../../../src/types.ts';
import { readLena } from '../../support/audio.ts';
import { framesOf } from '../../support/frames.ts';
import { chunkedSource } from '../../support/sources.ts';
import { listening, missing, startWith } from '../serve-process.ts';
import { Client, sender, tempFolder, until } from '../support.ts';

if (missing !== '') console.warn(`The test of a restarted server is skipped: ${missing} is missing.`);
/** No option shortens the program's interval of 30 s. */
const SLOW = { timeout: 300_000 };

const FORMAT = { sampleRateHz: 44_100, channels: 1 };
const HELLO = { format: 'f32le', sampleRate: 44_100, channels: 1 };
/** Samples before and after the crash; not a whole number of steps. */
const BEFORE = 250_000;
const MESSAGE_SAMPLES = 10_000;

describe.skipIf(missing !== '')('a stream continues', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'from the last state that was written: %s',
    SLOW,
    async (signal) => {
      const dataDir = tempFolder();
      const args = [
        '--config',
        join(import.meta.dirname, 'no-streams.json'),
        '--port',
        '0',
        '--engine',
        'wasm',
      ];
      const start = () => startWith({}, ...args, '--data-dir', dataDir);
      const voice = readLena();
      const file = join(dataDir, STATE_FILE);

      const first = start();
      const address = await listening(first);
      const live = new Client(address, '/v1/live');
      await live.received('hello');
      const booth = await sender(address, 'booth', HELLO);
      await booth.received('ready');
      send(booth, voice.subarray(0, BEFORE));
      const before = Math.floor(BEFORE / 22_050);
      await live.received('emotion', before);
      // A state that was being written as the audio arrived does not count: the file must be newer.
      const sentMs = Date.now();
      if (signal === 'SIGKILL')
        await until(() => existsSync(file) && statSync(file).mtimeMs > sentMs + 5_000, 'the state');
      first.child.kill(signal);
      await until(() => first.code() !== undefined, 'the end');

      const second = await listening(start());
      const again = new Client(second, '/v1/live');
      await again.received('hello');
      const back = await sender(second, 'booth', HELLO);
      await back.received('ready');
      send(back, voice.subarray(BEFORE));
      const all = Math.floor(voice.length / 22_050);
      const after = await again.received('emotion', all - before);
      expect(again.of('gap')).toMatchObject([{ reason: 'restart', stream: 'booth', t: 0 }]);

      const engine = await loadEngine('wasm');
      const whole = await framesOf(
        track(chunkedSource(voice, FORMAT), {
          stream: 'booth',
          stepper: createStepper(await loadModel('undertone-lite', engine)),
          fft: await loadFft(),
          detector: await loadActivityDetector(),
        }),
      );
      expect([...live.of('emotion'), ...after].map(reading)).toEqual(whole.map(reading));
      expect(after.map(({ seq }) => seq)).toEqual(after.map((_, k) => k));
    },
  );
});

function send(client: Client, samples: Float32Array): void {
  for (let i = 0; i < samples.length; i += MESSAGE_SAMPLES) {
    const part = samples.slice(i, i + MESSAGE_SAMPLES);
    client.socket.send(Buffer.from(part.buffer));
  }
}

/** What does not depend on when the stream started. */
const reading = ({ seq: _s, t: _t, time: _i, latencyMs: _l, ...rest }: EmotionFrame) => rest;
