import { computed } from '@preact/signals';
import { chosen, chosenRecord, link, names, present, stale } from '../state/store.ts';
import { capitalised } from './format.ts';

export interface Said {
  /** The mood, or one word for why there is none. */
  readonly word: string;
  /** Where the sound comes from, or what is the matter. */
  readonly note: string;
  /** The word does not stand for music that is heard now. */
  readonly resting: boolean;
}

/** What the page says in words about the chosen stream. */
export const said = computed((): Said => {
  const { frame, state } = present.value;
  if (link.value.state === 'refused') return { word: 'Not let in', note: link.value.message, resting: true };
  if (names.value.length === 0) {
    return link.value.state === 'open'
      ? {
          word: 'No stream',
          note: 'Start one with “undertone serve --source …”, or send a microphone.',
          resting: true,
        }
      : { word: 'Waiting', note: 'for the server', resting: true };
  }
  const record = chosenRecord.value;
  if (record === null) return { word: 'Waiting', note: `for a stream named ${chosen.value}`, resting: true };
  if (state === 'stopped') return { word: 'Stopped', note: 'This stream has ended.', resting: true };
  if (state === 'lost') return { word: 'No sound', note: 'The source is gone for now.', resting: true };
  if (frame === null) return { word: 'Listening', note: 'Nothing heard yet.', resting: true };
  const note = stale.value ? 'No new data for now.' : origin(record.source);
  if (frame.activity === 'silence') return { word: 'Silence', note, resting: true };
  if (frame.activity === 'speech') return { word: 'Speech', note, resting: true };
  return { word: capitalised(frame.mood ?? 'listening'), note, resting: stale.value || frame.mood === null };
});

function origin(source: string): string {
  if (source === '') return '';
  return source === 'ws:' ? 'sent by a client' : `from ${source}`;
}
