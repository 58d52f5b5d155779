import './mood-word.css';
import { link, names, present, stale } from '../state/store.ts';
import { capitalised } from './format.ts';

/** One word, legible across a room: the mood, or why there is none. */
export function MoodWord() {
  const { word, note, resting } = said();
  return (
    <div class="mood" data-resting={resting}>
      <p class="mood-word">{word}</p>
      <p class="mood-note">{note}</p>
    </div>
  );
}

function said(): { word: string; note: string; resting: boolean } {
  const { frame, state } = present.value;
  if (names.value.length === 0) {
    return link.value.state === 'open'
      ? { word: 'No stream', note: 'Start one with undertone serve, or send a microphone.', resting: true }
      : { word: 'Waiting', note: 'for the server', resting: true };
  }
  if (state === 'stopped') return { word: 'Stopped', note: 'This stream has ended.', resting: true };
  if (state === 'lost')
    return { word: 'No sound', note: 'The source went away; it is being looked for.', resting: true };
  if (frame === null) return { word: 'Listening', note: 'for the first half second', resting: true };
  if (frame.activity === 'silence') return { word: 'Silence', note: 'Nothing to read.', resting: true };
  if (frame.activity === 'speech') return { word: 'Speech', note: 'No music to read.', resting: true };
  const word = capitalised(frame.mood ?? 'Listening');
  return stale.value
    ? { word, note: 'Last heard; no new data for now.', resting: true }
    : { word, note: 'Perceived emotion of the music, now', resting: frame.mood === null };
}
