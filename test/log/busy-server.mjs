// A real server in its own process, with streams that run many times faster than real time. DATA_DIR: its data
// directory; STREAMS: number of streams; STEP_MS: duration of a step; KEEP: how long the log is kept. It prints its URL,
// then a line "RUN SEQ MS" for each frame. It runs from the build, because Node 20 cannot run TypeScript.
import { BlockList } from 'node:net';
import { Observable } from 'rxjs';
import { createServer } from '../../dist/src/server/server.js';

const { DATA_DIR, STREAMS = '3', STEP_MS = '10', PASSPHRASE, KEEP } = process.env;

const startTracker = (_source, stream) => ({
  messages$: new Observable((subscriber) => {
    let seq = 0;
    subscriber.next({ type: 'stream-started', stream, t: 0, time: new Date().toISOString(), message: 'Go.' });
    const timer = setInterval(() => subscriber.next(frameOf(stream, seq++)), Number(STEP_MS));
    return () => clearInterval(timer);
  }),
});

function frameOf(stream, seq) {
  const wave = (phase) => Math.round(Math.sin(seq * 0.37 + phase) * 1e6) / 1e6;
  return {
    type: 'emotion',
    stream,
    seq,
    t: 0.5 * (seq + 1),
    time: new Date().toISOString(),
    valence: wave(0),
    arousal: wave(1),
    valenceSd: 0.17,
    arousalSd: 0.14,
    forecast: [0.5, 1, 2, 5, 10].map((horizon) => ({
      horizon,
      valence: wave(horizon),
      arousal: wave(horizon + 1),
      valenceLow: wave(2),
      valenceHigh: wave(3),
      arousalLow: wave(4),
      arousalHigh: wave(5),
    })),
    mood: 'excited',
    loudness: -14.2,
    activity: 'music',
    confidence: 0.8,
    latencyMs: 4.1,
  };
}

const server = await createServer({
  startTracker,
  analyzer: () => {
    throw new Error('no analyzer');
  },
  model: 'none',
  engine: 'none',
  dataDir: DATA_DIR,
  passphrase: PASSPHRASE,
  port: 0,
  ...(KEEP && {
    plan: {
      streams: [],
      alerts: [],
      keep: KEEP,
      remote: { schemes: [], folders: [], privateNetworks: new BlockList() },
    },
  }),
  sources: Array.from({ length: Number(STREAMS) }, (_, i) => ({
    name: `stream-${i}`,
    source: { uri: 'test:', open: async function* () {} },
  })),
});
process.stdout.write(`${server.url}\n`);
server.sinks.add({
  name: 'stdout',
  write({ run, message }) {
    if (message.type === 'emotion') process.stdout.write(`${run} ${message.seq} ${Date.now()}\n`);
  },
});
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)));
