// Reads raw 16-bit PCM from standard input and writes one JSON object per line to standard output.
//
//   ffmpeg -i film.mkv -f s16le -ar 48000 -ac 2 - | node examples/pcm-to-ndjson.mjs 48000 2
//
// All stages are web streams, so a slow reader of the output slows down the reading of the input.
import { Readable, Writable } from 'node:stream';
import { createTracker } from 'undertone';

const [sampleRateHz = 48_000, channels = 2] = process.argv.slice(2).map(Number);
const tracker = await createTracker({ model: 'undertone-lite' });

const ndjson = new TransformStream({
  transform(message, controller) {
    if (message.type === 'emotion') controller.enqueue(`${JSON.stringify(message)}\n`);
  },
});

try {
  await Readable.toWeb(process.stdin)
    .pipeThrough(tracker.transform({ sampleRateHz, channels, format: 's16le' }))
    .pipeThrough(ndjson)
    .pipeTo(Writable.toWeb(process.stdout));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await tracker.close();
}
