import type { Activity } from '../../types.ts';

/** The log stores an activity as its place here: new ones go to the end. */
export const ACTIVITIES: readonly Activity[] = ['music', 'speech', 'silence'];
