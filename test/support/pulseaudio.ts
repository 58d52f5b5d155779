import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A PulseAudio server for one test, with a null sink whose monitor is the default input. */
export interface PulseAudio {
  /** Environment in which programs use this server only, also through ALSA. */
  readonly env: NodeJS.ProcessEnv;
  /** Plays a WAV file into the sink, to its end. */
  play(file: string): Promise<void>;
  /** Kills the server, which has the effect of unplugging the device. */
  kill(): Promise<void>;
  /** Starts it again after `kill`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Why the server cannot be started on this machine; undefined if it can. */
export function missingPulseAudio(): string | undefined {
  for (const program of ['pulseaudio', 'pactl', 'paplay']) {
    if (spawnSync('which', [program], { stdio: 'ignore' }).status !== 0) return `${program} is not installed`;
  }
  return undefined;
}

/** @param sampleRateHz of the sink, so that nothing is resampled */
export async function startPulseAudio(sampleRateHz: number): Promise<PulseAudio> {
  const home = await mkdtemp(join(tmpdir(), 'undertone-pulse-'));
  const runtime = join(home, 'run');
  await mkdir(runtime, { mode: 0o700 });
  await writeFile(join(home, '.asoundrc'), 'pcm.!default { type pulse }\nctl.!default { type pulse }\n');
  const socket = join(runtime, 'native');
  const env = {
    ...process.env,
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    PULSE_RUNTIME_PATH: runtime,
    PULSE_SERVER: `unix:${socket}`,
  };
  let server = await startServer(env, socket, sampleRateHz);

  async function kill(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    await rm(socket, { force: true });
  }

  return {
    env,
    async play(file) {
      // A long buffer, so that playback has no gaps on a busy machine.
      await run('paplay', ['--latency-msec=2000', file], { env });
    },
    kill,
    async restart() {
      server = await startServer(env, socket, sampleRateHz);
    },
    async stop() {
      await kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function startServer(env: NodeJS.ProcessEnv, socket: string, rate: number): Promise<ChildProcess> {
  const modules = [
    `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
    `module-null-sink sink_name=vsink rate=${rate} channels=2 format=s16le`,
  ];
  const settings = ['-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no', '--disallow-exit'];
  const server = spawn('pulseaudio', [...settings, ...modules.flatMap((module) => ['-L', module])], {
    env,
    stdio: 'ignore',
  });
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await run('pactl', ['set-default-source', 'vsink.monitor'], { env });
      return server;
    } catch {
      await sleep(100);
    }
  }
  server.kill('SIGKILL');
  throw new Error('PulseAudio did not start within 10 s');
}
