// Shows a live stream as bars in the terminal, until Ctrl-C or for a number of seconds.
//
//   node examples/live-bars.mjs                                      the built-in demo piece
//   node examples/live-bars.mjs soundcard:                           what the microphone receives
//   node examples/live-bars.mjs https://radio.example/live.mp3 60    one minute of a broadcast
//
// The observable is shared: however many subscribe, the source opens once and each step is computed once.
import { filter, takeWhile } from 'rxjs';
import { createTracker } from 'undertone';

const [source = 'demo:', seconds = Number.POSITIVE_INFINITY] = process.argv.slice(2);
const tracker = await createTracker({ model: 'undertone-lite' });
process.once('SIGINT', () => tracker.close());

const frames$ = tracker.observe(source, { paced: true }).pipe(
  filter((message) => message.type === 'emotion'),
  takeWhile(({ t }) => t < Number(seconds), true),
);

// A line when the mood changes.
let mood = null;
frames$.subscribe({
  next(frame) {
    if (frame.mood !== mood)
      console.log(`${frame.t.toFixed(1).padStart(7)} s  ${frame.mood ?? frame.activity}`);
    mood = frame.mood;
  },
  error() {}, // reported below
});

frames$.subscribe({
  next: ({ valence, arousal }) => console.log(`  valence ${bar(valence)}  arousal ${bar(arousal)}`),
  complete: () => tracker.close(),
  error(error) {
    console.error(error.message);
    process.exitCode = 1;
    tracker.close();
  },
});

/** -1 … 1 as a mark on a line; an empty line where there is no music. */
function bar(value, width = 21) {
  const line = Array(width).fill('·');
  if (value !== null) line[Math.round(((value + 1) / 2) * (width - 1))] = '█';
  return line.join('');
}
