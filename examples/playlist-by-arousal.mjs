// Sorts music files from calm to energetic.
//
//   node examples/playlist-by-arousal.mjs ~/Music/*.mp3 > evening.m3u
//
// One tracker analyzes all files, so the model stays loaded; `reset` clears the state of the previous file.
import { createTracker } from 'undertone';

const tracker = await createTracker({ model: 'undertone-lite' });
const tracks = [];
for (const file of process.argv.slice(2)) {
  tracker.reset();
  let sum = 0;
  let steps = 0;
  try {
    for await (const message of tracker.track(file)) {
      // There are events between the emotion frames, and arousal is null in silence and speech.
      if (message.type !== 'emotion' || message.arousal === null) continue;
      sum += message.arousal;
      steps++;
    }
  } catch (error) {
    // The message is one sentence that names the file and says what to do.
    console.error(error.message);
  }
  if (steps > 0) tracks.push({ file, arousal: sum / steps });
}
await tracker.close();

console.log('#EXTM3U');
for (const { file, arousal } of tracks.sort((a, b) => a.arousal - b.arousal)) {
  console.log(`# arousal ${arousal.toFixed(2)}\n${file}`);
}
