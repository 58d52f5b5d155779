import { z } from 'zod';
import { MOODS } from '../../mood.ts';
import type { TrackSummary } from '../../types.ts';
import { isoTime, time } from '../../util/schemas.ts';
import { limit } from './schema.ts';

/** Query of `GET /v1/streams/{name}/tracks`. */
export const tracksQuery = z.object({
  from: time.optional().meta({ description: 'Only tracks that played then or later; default: all.' }),
  to: time.optional().meta({ description: 'Only tracks that began before.' }),
  limit: limit.default(100),
});

const axisMean = z.number().min(-1).max(1).nullable();

const trackSummary = z
  .object({
    stream: z.string(),
    run: z.int().meta({ description: 'The run in which it began.' }),
    title: z.string(),
    artist: z.string().nullable(),
    t: z.number().meta({ description: 'When it began, in seconds of audio.' }),
    startedAt: isoTime,
    endedAt: isoTime.nullable().meta({ description: 'null: it is playing, and has no statistics yet.' }),
    seconds: z.number().meta({ description: 'Seconds of audio, until now if it is playing.' }),
    valence: axisMean.meta({ description: 'Mean over the frames with music.' }),
    arousal: axisMean,
    valenceStart: axisMean.meta({ description: 'Mean over its first 10 s of music.' }),
    valenceEnd: axisMean.meta({ description: 'Mean over its last 10 s of music.' }),
    arousalStart: axisMean,
    arousalEnd: axisMean,
    peakArousal: axisMean,
    loudness: z.number().nullable().meta({ description: 'Mean momentary loudness in LUFS.' }),
    speech: z.number().meta({ description: 'Share of the frames with speech, 0 to 1.' }),
    moods: z
      .partialRecord(z.enum(MOODS), z.number())
      .meta({ description: 'Share of the frames with each mood.' }),
  })
  .meta({ id: 'Track' });

trackSummary satisfies z.ZodType<TrackSummary>;

export const trackList = z.object({ tracks: z.array(trackSummary) }).meta({ id: 'Tracks' });
