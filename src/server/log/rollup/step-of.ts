import { MOODS } from '../../../mood.ts';
import { ACTIVITIES, type EmotionFrame } from '../../../types.ts';
import type { Step } from './sums.ts';

/** A frame as rollups see it. */
export function stepOf(frame: EmotionFrame): Step {
  return {
    activity: ACTIVITIES.indexOf(frame.activity),
    mood: (MOODS as readonly (string | null)[]).indexOf(frame.mood),
    valence: frame.valence ?? Number.NaN,
    arousal: frame.arousal ?? Number.NaN,
    loudness: frame.loudness ?? Number.NaN,
    confidence: frame.confidence,
  };
}
